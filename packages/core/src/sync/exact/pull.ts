import type { Columns } from '../../base/json.js'
import type { Where } from '../../query/query.js'
import type { ExactPullAnswer, ExactTablePage } from '../../remote/exact.js'
import type { ProtocolContext } from '../../remote/protocol.js'
import { getKey, keyId, rowId, type Key } from '../../schema/key.js'
import type { Table } from '../../schema/table.js'
import type { Commit, Quarantined } from '../../store/commit.js'
import type { TableRows } from '../../store/rows.js'
import { arrived, holding, keepHeld } from '../held.js'
import { markedRows } from './mark.js'
import { planPull, type PullPlan } from './plan.js'
import { isVisible } from './snapshot.js'
import { names, readAcknowledged, readPosition, type Position } from './state.js'

/**
 * What became of one pull. `overtaken`: another leader has stored an answer meanwhile, or another history has begun, so this one is
 * too old.
 */
export type PullEnd = 'done' | 'overtaken' | 'reset'

interface Scope {
  readonly table: Table
  readonly column: string
  readonly values: readonly unknown[]
}

/**
 * One exact pull: everything that the cookie does not include, page by page.
 *
 * Laws: each page is stored only if nothing else was stored of any answer since the position was read, so answers take effect in
 * the order in which the server gave them (R9); the cookie moves with the last page, in its transaction (R4), and with it go the
 * acknowledged mutations that it includes.
 *
 * It may be called again after a failure and goes on where it was.
 */
export class ExactPull {
  readonly #context: ProtocolContext
  readonly #tables: readonly Table[]
  readonly #plan: PullPlan
  /** What has come of tables that are fetched as a whole, and of rows in a scope that has changed. */
  readonly #delivered = new Map<Table, Set<string>>()
  readonly #scopes: Scope[] = []
  /** Tables that are fetched as a whole although there are rows of them here. */
  #leftover: readonly Table[] = []
  #found: unknown
  #position: Position
  #page: unknown = null
  answer: ExactPullAnswer | undefined

  private constructor(
    context: ProtocolContext,
    tables: readonly Table[],
    plan: PullPlan,
    found: unknown,
    position: Position,
  ) {
    this.#context = context
    this.#tables = tables
    this.#plan = plan
    this.#found = found
    this.#position = position
  }

  static async begin(context: ProtocolContext, tables: readonly Table[]): Promise<ExactPull> {
    const { found, position } = await readPosition(context.store)
    const plan = await planPull(context, tables, position)
    const pull = new ExactPull(context, tables, plan, found, position)
    // Of an empty table nothing can be left over, and the first pull is the largest: it keeps no list.
    for (const table of plan.full)
      if ((await context.store.count(table)) > 0) pull.#delivered.set(table, new Set())
    pull.#leftover = [...pull.#delivered.keys()]
    return pull
  }

  /** @throws RemoteError */
  async run(): Promise<PullEnd> {
    const { remote } = this.#context
    for (;;) {
      const answer = await remote.exact?.pull({ ...this.#plan.request, page: this.#page })
      if (!answer) return 'done'
      // The server was set back between two pages: a first pull has no history yet that it could tell of.
      if (this.answer && answer.epoch !== this.answer.epoch && !answer.reset) return 'overtaken'
      this.answer = answer
      if (answer.reset) return 'reset'
      const last = answer.page === null
      if (!(await this.#store(answer, last))) return 'overtaken'
      if (last) return this.#end()
      this.#page = answer.page
    }
  }

  async #store(answer: ExactPullAnswer, last: boolean): Promise<boolean> {
    const { store } = this.#context
    const rows: TableRows[] = []
    const quarantine: Quarantined[] = []
    for (const table of this.#tables) {
      const page = answer.tables[table.name]
      if (!page) continue
      const found = await this.#read(table, page)
      rows.push(found.rows)
      quarantine.push(...found.quarantine)
    }
    if (last) rows.push(...(await this.#unseen()))
    const next = this.#next(answer, last)
    const stored = await store.commit({
      rows,
      quarantine,
      when: [names.position, this.#found],
      ...(await this.#meta(next, answer, last)),
    })
    this.#position = next
    this.#found = next
    return stored
  }

  async #read(
    table: Table,
    page: ExactTablePage,
  ): Promise<{ rows: TableRows; quarantine: readonly Quarantined[] }> {
    const { rows, quarantine } = markedRows(table, page, this.#context.ports.now())
    for (const { column, values } of page.scopes ?? []) {
      this.#scopes.push({ table, column, values })
      if (!this.#delivered.has(table)) this.#delivered.set(table, new Set())
    }
    const delivered = this.#delivered.get(table)
    if (delivered) for (const row of rows) delivered.add(rowId(table, row))
    const kept = await keepHeld(this.#context, table, rows)
    // What is fetched as a whole may lie in the past of what is here: the server was set back.
    const force = this.#plan.full.includes(table)
    const fresh = force && !this.#leftover.includes(table)
    const remove = [...kept.remove, ...(page.gone ?? [])]
    return { rows: { table, put: kept.put, remove, force, fresh }, quarantine }
  }

  /** Rows that the server would have delivered were they still to be seen. */
  async #unseen(): Promise<TableRows[]> {
    const asked: [Table, Where][] = [
      ...this.#leftover.map((table): [Table, Where] => [table, {}]),
      ...this.#scopes.map(({ table, column, values }): [Table, Where] => [
        table,
        { [column]: { in: values } },
      ]),
    ]
    return Promise.all(asked.map(([table, where]) => this.#undelivered(table, where)))
  }

  async #undelivered(table: Table, where: Where): Promise<TableRows> {
    const delivered = this.#delivered.get(table)
    const local = await this.#context.store.readBase(table, where)
    const remove = local
      .map((row) => getKey(table.key, row))
      .filter((key): key is Key => key !== undefined && !delivered?.has(keyId(key)))
    return { table, remove }
  }

  #next({ cookie, epoch, role, missing }: ExactPullAnswer, last: boolean): Position {
    const stored = this.#position.stored + 1
    if (!last) return { ...this.#position, stored }
    const tables = this.#tables.map(({ name }) => name).filter((name) => !missing.includes(name))
    // Nothing is more like the server than what has just been fetched for the first time.
    const comparedAt = this.#position.cookie === null ? this.#context.ports.now() : this.#position.comparedAt
    return { cookie, epoch, role, tables, comparedAt, stored }
  }

  async #meta(next: Position, { cookie, epoch }: ExactPullAnswer, last: boolean): Promise<Partial<Commit>> {
    if (!last) return { meta: { [names.position]: next } }
    const waiting = await readAcknowledged(this.#context.store)
    const come = waiting.filter((one) => one.epoch === epoch && isVisible(one.xid, cookie))
    const ids = new Set(come.flatMap((one) => one.ids))
    const held = [...this.#plan.ranges].map(([table, ranges]) => holding(table, ranges))
    const meta: Columns = held.reduce((all, one) => ({ ...all, ...one }), { [names.position]: next })
    if (come.length === 0) return { meta }
    const left = (known: typeof waiting = []) => known.filter((one) => !one.ids.some((id) => ids.has(id)))
    return { meta: { ...meta, [names.acknowledged]: left }, settle: [...ids] }
  }

  #end(): PullEnd {
    for (const [table, ranges] of this.#plan.asked) arrived(this.#context, table, ranges)
    return 'done'
  }
}
