import type { Ports, TabChannel } from '../base/ports.js'
import type { Range, Table } from '../schema/table.js'
import type { Store } from '../store/store.js'
import type { View } from '../streams/view.js'
import type { ViewListener } from '../streams/viewPool.js'
import { heldRanges } from './held.js'
import { prune, spareRanges, type Use } from './prune.js'
import { defaultRange, queryRange, rowsRange } from './window.js'

/** How long other tabs are waited for, in ms, to say what they show. One that does not answer sleeps, and asks anew when it wakes. */
const answerTime = 200
/** So many uses are remembered. */
const remembered = 1_000

/** A question what is shown; an answer; or the number of rows that have gone. */
type RoomMessage = 'ask' | readonly Use[] | number

export interface RoomMakerOptions {
  readonly name: string
  readonly ports: Ports
  readonly store: Store
  /** A range is needed. */
  readonly need: (table: Table, range: Range) => void
  /** Rows have gone, by this tab or another. */
  readonly changed: () => void
}

/** Knows what this tab shows of windowed tables; on a full device lets ranges go that no tab shows, one at a time. */
export class RoomMaker implements ViewListener {
  /** Rows that have gone so far. */
  gone = 0
  readonly #options: RoomMakerOptions
  readonly #channel: TabChannel
  readonly #views = new Set<View>()
  /** What was shown and is not any more. */
  #past: readonly Use[] = []
  #answers: Use[] = []
  #making: Promise<number> | undefined

  constructor(options: RoomMakerOptions) {
    this.#options = options
    this.#channel = options.ports.tabs(`${options.name}:room`)
    this.#channel.listen((message) => this.#hear(message as RoomMessage))
  }

  opened(view: View): void {
    this.#views.add(view)
    this.#need(view)
  }

  closed(view: View): void {
    this.#views.delete(view)
    this.#past = [...this.#past, ...this.#usesOf(view, this.#options.ports.now())].slice(-remembered)
  }

  /** Asks again for every range that is shown now. */
  needAll(): void {
    for (const view of this.#views) this.#need(view)
  }

  /** Resolves with the number of rows that have gone; 0: there is nothing that may go. Who asks meanwhile gets the same. */
  make(): Promise<number> {
    this.#making ??= this.#make().finally(() => (this.#making = undefined))
    return this.#making
  }

  close(): void {
    this.#channel.close()
  }

  #now(): number {
    return this.#options.ports.now()
  }

  #need({ table, query }: View): void {
    const range = queryRange(table, query.where, this.#now())
    if (range) this.#options.need(table, range)
  }

  #usesOf({ table, query, current = [] }: View, at: number): Use[] {
    // Where a query does not say what it asks for, its rows do.
    return [queryRange(table, query.where, this.#now()), rowsRange(table, current)].flatMap((range) =>
      range ? [{ table: table.name, range, at }] : [],
    )
  }

  #uses(): Use[] {
    return [...this.#past, ...[...this.#views].flatMap((view) => this.#usesOf(view, Infinity))]
  }

  async #make(): Promise<number> {
    const { store, ports } = this.#options
    this.#answers = []
    this.#post('ask')
    await new Promise<void>((resolve) => void ports.timer(answerTime, resolve))
    const spare = []
    for (const table of store.tables.values()) {
      const standing = defaultRange(table, this.#now())
      const uses = [...this.#uses(), ...this.#answers].filter((use) => use.table === table.name)
      if (standing)
        for (const part of spareRanges(await heldRanges(store, table), uses, standing))
          spare.push({ ...part, table })
    }
    for (const { table, range } of spare.sort((a, b) => a.at - b.at)) {
      const rows = await prune(store, table, range)
      if (rows === 0) continue
      this.#post(rows)
      this.#hear(rows)
      return rows
    }
    return 0
  }

  #post(message: RoomMessage): void {
    this.#channel.post(message)
  }

  #hear(message: RoomMessage): void {
    if (message === 'ask') return this.#post(this.#uses())
    if (typeof message !== 'number') return void this.#answers.push(...message)
    this.gone += message
    // A view that was opened just then may need what has gone.
    this.needAll()
    this.#options.changed()
  }
}
