import type { Columns } from '../base/json.js'
import type { Ports, Stop } from '../base/ports.js'
import type { Query } from '../query/query.js'
import { queryKey } from '../query/queryKey.js'
import type { Table } from '../schema/table.js'
import type { Change } from '../store/overlay.js'
import type { Store } from '../store/store.js'
import { Turn } from './cell.js'
import { JoinedView, type Join } from './joinedView.js'
import { Shared } from './shared.js'
import { View } from './view.js'

/** Hears of views. */
export interface ViewListener {
  /** A view is new: a windowed table may have to fetch its range. */
  opened(view: View): void
  /** Nobody has shown it for a while. */
  closed(view: View): void
}

/** All live views of a store. Equal queries share one; every commit is brought to the views of its tables. */
export class ViewPool {
  readonly userId: string
  readonly #turn = new Turn()
  readonly #store: Store
  readonly #ports: Ports
  readonly #listener: ViewListener
  readonly #views = new Map<string, Shared<View>>()
  readonly #joined = new Map<Join, Shared<JoinedView>>()
  readonly #stop: Stop

  constructor(store: Store, ports: Ports, userId: string, listener: ViewListener) {
    this.userId = userId
    this.#store = store
    this.#ports = ports
    this.#listener = listener
    this.#stop = store.listen({ rows: (changes) => this.#apply(changes) })
    store.finder = (table, id) => this.#find(table, id)
  }

  /** The view of a query and a function that lets it go. */
  acquire(table: Table, query: Query): { view: View; release: Stop } {
    const views = entry(this.#views, table.name, () => this.#sharedViews())
    const key = queryKey(query)
    return views.acquire(key, () => {
      const view = new View(this.#store, this.#turn, table, query)
      // A view that could not be read is not kept: the next one to ask reads again.
      view.ready.catch(() => views.drop(key, view))
      this.#listener.opened(view)
      return view
    })
  }

  /** The joined view of a query and a function that lets it go. */
  acquireJoined(join: Join, query: Query): { view: JoinedView; release: Stop } {
    const views = entry(this.#joined, join, () => new Shared<JoinedView>(this.#ports, (view) => view.stop()))
    return views.acquire(queryKey(query), () => new JoinedView(this, this.#turn, join, query))
  }

  /** The live view of a query, if there is one. */
  peek(table: Table, query: Query): View | undefined {
    return this.#views.get(table.name)?.peek(queryKey(query))
  }

  peekJoined(join: Join, query: Query): JoinedView | undefined {
    return this.#joined.get(join)?.peek(queryKey(query))
  }

  stop(): void {
    this.#stop()
    for (const views of this.#joined.values()) views.clear()
    for (const views of this.#views.values()) views.clear()
  }

  #sharedViews(): Shared<View> {
    return new Shared(this.#ports, (view) => this.#listener.closed(view))
  }

  #apply(changes: readonly Change[]): void {
    const byTable = new Map<string, Change[]>()
    for (const change of changes) entry(byTable, change.table, () => []).push(change)
    for (const [table, list] of byTable)
      for (const view of this.#views.get(table)?.values() ?? []) view.apply(list)
  }

  #find(table: string, id: string): Columns | undefined {
    for (const view of this.#views.get(table)?.values() ?? []) {
      const row = view.find(id)
      if (row) return row
    }
    return undefined
  }
}

function entry<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const known = map.get(key)
  if (known !== undefined) return known
  const made = make()
  map.set(key, made)
  return made
}
