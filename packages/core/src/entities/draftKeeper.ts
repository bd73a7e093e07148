import type { Cache } from './cache.js'
import { nextDraft, type DraftMark, type DraftRecord, type DraftStep } from './draftRecord.js'
import type { EntitySession } from './session.js'

export interface KeeperOptions {
  readonly id: string
  readonly cache: Cache
  /** Names this tab. */
  readonly writer: string
  readonly changed: () => void
}

/**
 * Keeps the record of one draft, which all tabs share. Steps show at once, and are done to what is stored one transaction at a
 * time; what could not be stored stays in memory and is tried again with the next step.
 */
export class DraftKeeper {
  readonly #options: KeeperOptions
  #stored: DraftRecord | undefined
  #read: EntitySession | undefined
  #waiting: (readonly [DraftStep, DraftMark])[] = []
  #storing: Promise<void> | undefined

  constructor(options: KeeperOptions) {
    this.#options = options
  }

  /** Whether it is known if there is a draft. */
  get known(): boolean {
    return this.#read !== undefined
  }

  get draft(): DraftRecord | undefined {
    return this.#waiting.reduce(done, this.#stored)
  }

  /** Whether all of it outlives the page. */
  get durable(): boolean {
    return this.#waiting.length === 0 && this.#read?.records.durable === true
  }

  /** Reads what is stored; `again`: another tab has changed it. */
  async load(again = false): Promise<void> {
    const { cache, id, changed } = this.#options
    const { session } = cache
    if (!session || (!again && this.#read === session)) return
    const record = await session.records.get('drafts', id).catch(cache.report)
    if (cache.session !== session) return
    this.#read = session
    this.#stored = record as DraftRecord | undefined
    changed()
  }

  /** Does a step: it shows at once, and is stored behind that. */
  step(step: DraftStep): void {
    const { cache, writer, changed } = this.#options
    this.#waiting.push([step, { writer, at: cache.options.ports.now() }])
    changed()
    this.#storing ??= this.#store().finally(() => (this.#storing = undefined))
  }

  /** Resolves when nothing is being stored. */
  async settled(): Promise<void> {
    await this.#storing
  }

  reset(): void {
    this.#read = this.#stored = undefined
    this.#waiting = []
    this.#options.changed()
  }

  async #store(): Promise<void> {
    const { id, cache, changed } = this.#options
    const opened = cache.session
    while (opened && this.#waiting.length > 0) {
      const steps = [...this.#waiting]
      try {
        const record = await opened.records.update('drafts', id, (stored) =>
          steps.reduce(done, stored as DraftRecord | undefined),
        )
        if (cache.session !== opened) return
        this.#stored = record as DraftRecord | undefined
      } catch (error) {
        return cache.report(error)
      }
      this.#waiting.splice(0, steps.length)
      opened.tell({ store: 'drafts', id })
      changed()
    }
  }
}

const done = (
  draft: DraftRecord | undefined,
  [step, mark]: readonly [DraftStep, DraftMark],
): DraftRecord | undefined => nextDraft(draft, step, mark)
