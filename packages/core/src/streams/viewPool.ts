import type { Ports, Stop } from '../base/ports.js'
import type { Query } from '../query/query.js'
import { queryKey } from '../query/queryKey.js'
import type { Table } from '../schema/table.js'
import type { Change } from '../store/overlay.js'
import type { Store } from '../store/store.js'
import { Turn } from './cell.js'
import { View } from './view.js'

/** How long a view outlives its last watcher, in ms: a page that comes back at once finds it warm. */
const linger = 5_000

interface Held {
  readonly view: View
  users: number
  leaving: Stop | undefined
}

/** All live views of a store. Equal queries share one; every commit is brought to the views of its tables. */
export class ViewPool {
  readonly turn = new Turn()
  readonly #store: Store
  readonly #ports: Ports
  readonly #opened: (view: View) => void
  readonly #tables = new Map<string, Map<string, Held>>()
  readonly #stops: Stop[]

  /** `opened` hears of each new view: a windowed table may have to fetch its range. */
  constructor(store: Store, ports: Ports, opened: (view: View) => void) {
    this.#store = store
    this.#ports = ports
    this.#opened = opened
    this.#stops = [
      store.listen({ rows: (changes) => this.#apply(changes) }),
      store.addFinder((table, id) => this.#find(table, id)),
    ]
  }

  /** The view of a query and a function that lets it go. */
  acquire(table: Table, query: Query): { view: View; release: Stop } {
    const held = this.#hold(table, query)
    held.users += 1
    held.leaving?.()
    held.leaving = undefined
    let released = false
    const release = (): void => {
      if (released) return
      released = true
      held.users -= 1
      if (held.users === 0) held.leaving = this.#ports.timer(linger, () => this.#drop(table, query))
    }
    return { view: held.view, release }
  }

  /** The live view of a query, if there is one. */
  peek(table: Table, query: Query): View | undefined {
    return this.#tables.get(table.name)?.get(queryKey(query))?.view
  }

  /** All live views. */
  *views(): IterableIterator<View> {
    for (const views of this.#tables.values()) for (const { view } of views.values()) yield view
  }

  stop(): void {
    for (const stop of this.#stops) stop()
    for (const views of this.#tables.values()) for (const { leaving } of views.values()) leaving?.()
    this.#tables.clear()
  }

  #hold(table: Table, query: Query): Held {
    const views = this.#tables.get(table.name) ?? new Map<string, Held>()
    this.#tables.set(table.name, views)
    const key = queryKey(query)
    const known = views.get(key)
    if (known) return known
    const held: Held = { view: new View(this.#store, this.turn, table, query), users: 0, leaving: undefined }
    views.set(key, held)
    // A view that could not be read is not kept: the next one to ask reads again.
    held.view.ready.catch(() => views.delete(key))
    this.#opened(held.view)
    return held
  }

  #drop(table: Table, query: Query): void {
    this.#tables.get(table.name)?.delete(queryKey(query))
  }

  #apply(changes: readonly Change[]): void {
    const byTable = new Map<string, Change[]>()
    for (const change of changes) {
      const list = byTable.get(change.table)
      if (list) list.push(change)
      else byTable.set(change.table, [change])
    }
    for (const [table, list] of byTable) for (const { view } of this.#tables.get(table)?.values() ?? []) view.apply(list)
  }

  #find(table: string, id: string) {
    for (const { view } of this.#tables.get(table)?.values() ?? []) {
      const row = view.find(id)
      if (row) return row
    }
    return undefined
  }
}
