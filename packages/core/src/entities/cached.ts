import { sameValue } from '../base/json.js'
import type { Records } from '../store/record.js'
import type { CachedState } from './cachedState.js'
import type { FetchState } from './fetchLoop.js'
import type { CachedRecord, FetchAnswer, Origin, Surroundings } from './origin.js'

/** What is known of one thing on a server: its record, and the client's value of it. */
export class Cached<V> {
  /** True once it may have changed at the server. */
  stale = true
  record: CachedRecord | undefined
  /** The client's value, without what this page has under way. */
  value: V | undefined
  /** The records from which it was read. */
  read: Records | undefined
  readonly #origin: Origin<V>
  readonly #around: Surroundings

  constructor(origin: Origin<V>, around: Surroundings) {
    this.#origin = origin
    this.#around = around
  }

  /** The one state of all that is known, while it is being fetched or not. */
  stateOf(fetch: FetchState): CachedState<V> {
    const { record, stale } = this
    const shown = this.#shown()
    const data = shown ?? this.value
    if ('error' in fetch || 'reason' in fetch) return { ...fetch, data }
    if (!record) return { name: 'loading', data: undefined }
    if (record.removed || shown === undefined) return { name: 'removed', data }
    return { name: stale || fetch.name === 'fetching' ? 'stale' : 'fresh', data: shown, syncedAt: record.at }
  }

  /** Of the records alone: `null` when they do not have it, `undefined` before they are read. */
  get stored(): V | null | undefined {
    if (!this.read) return undefined
    return (this.record?.removed ? undefined : this.#shown()) ?? null
  }

  /** Reads what is stored, unless that is done. */
  async load(records: Records): Promise<void> {
    if (this.read === records) return
    const { store, id, seed } = this.#origin
    const record = (await records.get(store, id).catch(this.#around.report)) as CachedRecord | undefined
    // Somebody may have been quicker, and another user may be signed in.
    if (this.read === records || this.#around.records !== records) return
    this.read = records
    if (!this.record) this.#show(record ?? seed?.())
  }

  /** Another tab has stored it. */
  async reload(): Promise<void> {
    const { store, id, isOlder } = this.#origin
    const records = this.read
    const record = (await records?.get(store, id)) as CachedRecord | undefined
    const known = this.record
    if (!record || records !== this.read || (known && record.at < known.at)) return
    if (known && isOlder?.(record.data, known.data)) return
    this.stale = false
    this.#show(record)
  }

  /**
   * Takes in what the server says.
   *
   * @param stale whether it may have changed again since
   * @throws ValidationError when it does not fit its declaration; what was known stays
   */
  accept(answer: FetchAnswer, stale: boolean): void {
    const at = this.#around.options.ports.now()
    const known = this.record
    if (answer === 'gone') this.#keep({ data: known?.data, at, removed: true })
    else if (answer === 'unchanged') this.#keep({ data: undefined, ...known, at })
    else if (known && this.#origin.isOlder?.(answer.data, known.data)) this.#keep({ ...known, at })
    else {
      this.#keep({ data: answer.data, tag: answer.tag, at })
      this.#origin.accepted?.(answer.data)
    }
    this.stale = stale
  }

  /** What the server said is changed by what it said elsewhere. */
  amend(data: unknown): void {
    if (this.record) this.#keep({ data, at: this.record.at })
  }

  forget(): void {
    this.stale = true
    this.read = this.record = this.value = undefined
  }

  #shown(): V | undefined {
    const { visible } = this.#origin
    return this.value === undefined || !visible ? this.value : visible(this.value)
  }

  #keep(record: CachedRecord): void {
    this.#set(record)
    this.#around.store(this.#origin, record)
  }

  /** What is stored may be of an older declaration. */
  #show(record: CachedRecord | undefined): void {
    try {
      if (record) this.#set(record)
    } catch (error) {
      this.#around.report(error)
    }
  }

  #set(record: CachedRecord): void {
    const same = this.value !== undefined && sameValue(record.data, this.record?.data)
    if (!same) this.value = record.data === undefined ? undefined : this.#origin.decode(record.data)
    this.record = record
  }
}
