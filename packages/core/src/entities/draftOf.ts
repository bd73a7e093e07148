import { TidemarkError } from '../base/errors.js'
import { sameValue, type Columns } from '../base/json.js'
import type { Stop } from '../base/ports.js'
import { RemoteError } from '../remote/errors.js'
import { Watchers } from '../streams/cell.js'
import { Stream } from '../streams/stream.js'
import type { Cache } from './cache.js'
import { DraftKeeper } from './draftKeeper.js'
import type { DraftRecord } from './draftRecord.js'
import { conflictOf, editingOf, onServer, resolved, type DraftState, type ServerSide } from './draftState.js'
import { decodeEntity, entityId } from './entityType.js'
import type { Mutations } from './mutations.js'
import type { Resource } from './resource.js'
import { whenKnown } from './whenKnown.js'

export interface DraftOptions {
  readonly code: string
  readonly id: string
  /** Names this tab. */
  readonly writer: string
  readonly cache: Cache
  readonly mutations: Mutations
}

/** One draft; everyone who edits the entity in this tab shares it. */
export class DraftOf {
  readonly state$: Stream<DraftState>
  readonly keeper: DraftKeeper
  readonly #code: string
  readonly #id: string
  readonly #cache: Cache
  readonly #mutations: Mutations
  readonly #watchers: Watchers
  readonly #writer: string
  #state: DraftState | undefined
  #saving = false
  #watching = 0
  /** What this tab has set. */
  #mine: Columns = {}

  constructor({ code, id, writer, cache, mutations }: DraftOptions) {
    this.#code = code
    this.#id = id
    this.#cache = cache
    this.#mutations = mutations
    this.#writer = writer
    this.#watchers = new Watchers(cache.turn)
    this.keeper = new DraftKeeper({
      id: entityId(code, id),
      cache,
      writer,
      changed: () => this.#changed(),
    })
    this.state$ = new Stream<DraftState>({
      peek: () => {
        if (!cache.session) return undefined
        // What nobody watches is not told when the entity changes.
        if (this.#watching === 0) this.#state = undefined
        return (this.#state ??= this.#stateOf())
      },
      watch: (changed) => this.#watch(changed),
    })
  }

  async start(): Promise<void> {
    const session = this.#cache.mustSession
    const leave = this.#watch(() => undefined)
    try {
      await this.keeper.load()
      if (this.keeper.draft) return
      await whenKnown(this.#shown)
      if (this.#cache.session === session) this.#begin()
    } finally {
      leave()
    }
  }

  update(values: Columns): void {
    const draft = this.#draft ?? this.#begin()
    if (draft !== this.keeper.draft) this.keeper.step({ ...draft, name: 'rebase' })
    this.#mine = { ...this.#mine, ...values }
    this.keeper.step({ name: 'set', values })
  }

  undo(): void {
    this.#leave('undo')
  }

  redo(): void {
    this.#leave('redo')
  }

  discard(): void {
    this.#leave('discard')
  }

  resolve(choice: 'mine' | 'theirs' | Columns): void {
    const { keeper } = this
    const { draft } = keeper
    const conflict = draft && conflictOf(draft, this.#server)
    if (!conflict) return
    const changes = resolved(draft, conflict, choice)
    if (conflict.theirs)
      keeper.step({ name: 'rebase', original: conflict.theirs, tag: this.#server.record?.tag, changes })
    else if (choice === 'theirs') this.discard()
    else throw this.#missing
  }

  async save(): Promise<Columns> {
    const session = this.#cache.mustSession
    await this.keeper.load()
    const draft = this.#draft
    if (!draft) throw new TidemarkError('row-missing', 'There is no draft. Start one.')
    if (conflictOf(draft, this.#server)) throw conflicting()
    if (Object.keys(draft.changes).length === 0) {
      this.discard()
      return draft.original
    }
    return this.#send(draft, () => this.#cache.session === session)
  }

  /** Another user, or none. */
  reset(): void {
    this.#mine = {}
    this.keeper.reset()
    void this.keeper.load()
  }

  get #shown(): Resource<Columns> {
    return this.#cache.open(this.#cache.entity(this.#code, this.#id))
  }

  get #server(): ServerSide {
    const { value: row, record } = this.#shown
    return { type: this.#cache.typeOf(this.#code), row, record }
  }

  get #draft(): DraftRecord | undefined {
    const { draft } = this.keeper
    return draft && onServer(draft, this.#server)
  }

  get #missing(): TidemarkError {
    return new TidemarkError('row-missing', undefined, { table: this.#code, key: this.#id })
  }

  /** What this tab has set is no longer what it wants. */
  #leave(name: 'undo' | 'redo' | 'discard'): void {
    this.#mine = {}
    this.keeper.step({ name })
  }

  #begin(): DraftRecord {
    const { value, record } = this.#shown
    if (!value || record?.removed) throw this.#missing
    this.keeper.step({ name: 'start', original: value, tag: record?.tag })
    return this.keeper.draft as DraftRecord
  }

  async #send(draft: DraftRecord, goesOn: () => boolean): Promise<Columns> {
    this.#setSaving(true)
    try {
      const tag = sentTag(draft, this.#server)
      const { changes: sent } = draft
      const saved = await this.#mutations.update(this.#code, this.#id, sent, { tag })
      const original = decodeEntity(this.#code, this.#cache.typeOf(this.#code), saved.data)
      if (goesOn()) this.keeper.step({ name: 'saved', original, tag: saved.tag, sent })
      return original
    } finally {
      this.#setSaving(false)
    }
  }

  #setSaving(saving: boolean): void {
    this.#saving = saving
    this.#changed()
  }

  #watch(changed: () => void): Stop {
    const unwatch = this.#watchers.add(changed)
    const leave = this.#shown.watch(() => this.#changed(), true)
    this.#watching += 1
    void this.keeper.load()
    return () => {
      unwatch()
      leave()
      this.#watching -= 1
    }
  }

  #changed(): void {
    this.#state = undefined
    this.#watchers.changed()
  }

  #stateOf(): DraftState {
    const { draft } = this.keeper
    if (!this.keeper.known) return { name: 'loading' }
    if (!draft) return { name: 'none' }
    const lost = draft.writer === this.#writer ? {} : this.#mine
    const editing = editingOf(onServer(draft, this.#server), this.keeper.durable, lost)
    if (this.#saving) return { ...editing, name: 'saving' }
    const conflict = conflictOf(draft, this.#server)
    return conflict ? { ...editing, name: 'conflict', conflict } : { ...editing, name: 'editing' }
  }
}

/** What the write is based on: the latest that says the same as what the user saw. */
function sentTag(draft: DraftRecord, { row, record }: ServerSide): string | undefined {
  return !record || (row && sameValue(row, draft.original)) ? (draft.tag ?? record?.tag) : record.tag
}

const conflicting = (): RemoteError =>
  new RemoteError({ status: 412, message: 'Somebody else has changed it. Resolve the conflict first.' })
