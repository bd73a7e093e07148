import type { ExactPullAnswer } from '../../remote/exact.js'
import type { ProtocolContext } from '../../remote/protocol.js'
import { RemoteError } from '../../remote/errors.js'
import { keyId } from '../../schema/key.js'
import type { Table } from '../../schema/table.js'
import { ExactPull } from './pull.js'
import { repair } from './repair.js'
import { names, readAcknowledged, readPosition, type Position } from './state.js'

/** Both sides are compared once in this time, in ms, whatever was told. */
const day = 86_400_000
/** PostgREST knows no such function. */
const notInstalled = 'PGRST202'

/** Pulls in exact mode the tables for which the server has it. */
export class ExactPuller {
  /** Names of the tables in exact mode; `undefined` until the server was asked. */
  tables: ReadonlySet<string> | undefined
  readonly #context: ProtocolContext
  /** What a failure has interrupted. */
  #pull: ExactPull | undefined

  constructor(context: ProtocolContext) {
    this.#context = context
  }

  /**
   * @param thorough also looks whether the server has exact mode now, and compares both sides when that is due
   * @param comparing compares both sides in any case
   * @throws RemoteError
   */
  async pull(thorough: boolean, comparing: boolean): Promise<void> {
    if (this.tables?.size === 0 && !thorough) return
    let compare = comparing
    for (let attempt = 0; ; attempt += 1) {
      const { position } = await readPosition(this.#context.store)
      const end = await this.#once(attempt)
      if (end === 'none') return
      if (end === 'again') continue
      if (!compare && !this.#doubts(position, end, thorough)) return
      compare = !(await this.#repair())
      if (await this.#isWhole(compare)) return
    }
  }

  /** Two leaders that overtake each other would do so for ever: each waits a while, at random and longer each time. */
  #giveWay(attempt: number): Promise<void> {
    const { ports } = this.#context
    const most = Math.min(30_000, 100 * 2 ** attempt)
    return new Promise((resolve) => void ports.timer(ports.random() * most, resolve))
  }

  /** What is here may not be what the server has, although every pull was whole. */
  #doubts(before: Position, { expired, role }: ExactPullAnswer, thorough: boolean): boolean {
    if (before.cookie === null) return false
    const old = this.#context.ports.now() - before.comparedAt > day
    return expired || before.role !== role || (thorough && old)
  }

  /** One pull to its end: `none` when the server has no exact mode, `again` when it came to nothing. */
  async #once(attempt: number): Promise<ExactPullAnswer | 'again' | 'none'> {
    if (attempt > 0) await this.#giveWay(attempt)
    this.#pull ??= await ExactPull.begin(this.#context, this.#all())
    const pull = this.#pull
    try {
      const end = await pull.run()
      this.#pull = undefined
      if (!pull.answer) return this.#none()
      this.tables = new Set(
        this.#all().flatMap(({ name }) => (pull.answer?.missing.includes(name) ? [] : [name])),
      )
      if (end === 'reset') await this.#reset(pull.answer)
      if (end === 'done') await this.#sendAgain(pull.answer.epoch)
      return end === 'done' ? pull.answer : 'again'
    } catch (error) {
      // What it knows of rows that could not be stored is not true any more when it is asked again.
      if (!(error instanceof RemoteError)) this.#pull = undefined
      if (!isNotInstalled(error)) throw error
      this.#pull = undefined
      return this.#none()
    }
  }

  #none(): 'none' {
    this.tables = new Set()
    return 'none'
  }

  /** False when a comparison is still to be made, or has found a table that must be fetched as a whole. */
  async #isWhole(comparing: boolean): Promise<boolean> {
    if (comparing) return false
    const { position } = await readPosition(this.#context.store)
    return position.tables.length === this.tables?.size
  }

  async #repair(): Promise<boolean> {
    const { store, ports } = this.#context
    const { found, position } = await readPosition(store)
    const next = { ...position, comparedAt: ports.now(), stored: position.stored + 1 }
    return repair(this.#context, this.#exact(), found, next)
  }

  /** Another history of the database: a backup, or another server. What is here is compared with it, and goes on from there. */
  async #reset({ cookie, epoch, role }: ExactPullAnswer): Promise<void> {
    const { store, ports } = this.#context
    const { found, position } = await readPosition(store)
    const stored = position.stored + 1
    const next = { ...position, cookie, epoch, role, comparedAt: ports.now(), stored }
    if (await repair(this.#context, this.#exact(), found, next)) await this.#sendAgain(epoch)
  }

  /** What was applied in another history than this one is sent again, except rows that are there. */
  async #sendAgain(epoch: string): Promise<void> {
    const { store } = this.#context
    const waiting = (await readAcknowledged(store)).filter((one) => one.epoch !== epoch)
    if (waiting.length === 0) return
    const ids = new Set(waiting.flatMap((one) => one.ids))
    const settle = store
      .pending()
      .filter(
        ({ id, op, table, key }) => ids.has(id) && op === 'insert' && store.overlay.base(table, keyId(key)),
      )
      .map(({ id }) => id)
    const left = (known: typeof waiting = []) => known.filter((one) => !one.ids.some((id) => ids.has(id)))
    await store.commit({ settle, meta: { [names.acknowledged]: left } })
  }

  #all(): Table[] {
    return [...this.#context.store.tables.values()]
  }

  #exact(): Table[] {
    return this.#all().filter(({ name }) => this.tables?.has(name))
  }
}

const isNotInstalled = (error: unknown): boolean =>
  error instanceof RemoteError && error.serverCode === notInstalled
