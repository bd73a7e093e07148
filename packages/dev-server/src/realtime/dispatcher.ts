import { Client } from 'pg'
import type { Claims, Context } from '../context.js'
import type { Faults } from '../faults.js'
import type { Filter } from './filters.js'
import { tableFacts, type TableFacts } from './tables.js'
import { matchingRows, visibleRows, type Row } from './visible.js'

/** One binding of a channel: whose eyes, which table, which rows. */
export interface Subscription {
  readonly id: number
  readonly event: string
  readonly schema: string
  /** `*` or left out: every published table of the schema. */
  readonly table: string | undefined
  readonly filters: readonly Filter[]
  readonly claims: () => Claims
  deliver(data: ChangeData): void
}

export interface ChangeData {
  readonly type: string
  readonly schema: string
  readonly table: string
  readonly commit_timestamp: string
  readonly columns: readonly { readonly name: string; readonly type: string }[]
  readonly record?: Row
  readonly old_record?: Row
  readonly errors: readonly string[] | null
}

interface Change {
  readonly seq: string
  readonly schema_name: string
  readonly table_name: string
  readonly op: string
  readonly rec: Row | null
  readonly old: Row | null
  readonly at: Date
}

/** How long after the commit a change is delivered, in ms: the answer of the write that made it goes first. */
const settle = 12

/**
 * Delivers changes to those who may see them, in the order of their numbers.
 *
 * Numbers are given before commits, so a number may appear late. What is read is therefore what no running transaction can
 * still precede (`pg_snapshot_xmin`); a long transaction that writes a published table delays the others' events, and loses none.
 */
export class Dispatcher {
  readonly #context: Context
  readonly #faults: Faults
  readonly #facts: (schema: string, name: string) => Promise<TableFacts | undefined>
  readonly #subscriptions = new Set<Subscription>()
  #listener: Client | undefined
  #timer: ReturnType<typeof setTimeout> | undefined
  #running = false
  #again = false
  #closed = false

  constructor(context: Context, faults: Faults) {
    this.#context = context
    this.#faults = faults
    this.#facts = tableFacts(context.pool)
  }

  async start(): Promise<void> {
    const listener = new Client({ connectionString: this.#context.databaseUrl })
    listener.on('notification', () => this.#wake(settle))
    // The connection has died: another one takes its place, and what was noted meanwhile is read.
    listener.on('error', () => this.#restart())
    await listener.connect()
    await listener.query('listen tidemark_realtime')
    this.#listener = listener
    this.#wake(settle)
  }

  add(subscription: Subscription): () => void {
    this.#subscriptions.add(subscription)
    return () => this.#subscriptions.delete(subscription)
  }

  async close(): Promise<void> {
    this.#closed = true
    clearTimeout(this.#timer)
    await this.#listener?.end()
    while (this.#running) await new Promise((resolve) => setTimeout(resolve, 5))
  }

  #restart(): void {
    if (this.#closed) return
    this.#context.log('Realtime has lost its database connection and makes a new one.')
    setTimeout(() => {
      if (!this.#closed) this.start().catch(() => this.#restart())
    }, 500).unref()
  }

  #wake(delay: number): void {
    if (this.#running) this.#again = true
    else this.#timer ??= setTimeout(() => void this.#run(), delay)
  }

  async #run(): Promise<void> {
    this.#timer = undefined
    this.#running = true
    this.#again = false
    try {
      const more = await this.#round()
      if (more) this.#again = true
    } catch (error) {
      if (!this.#closed)
        this.#context.log(
          `Realtime could not deliver: ${error instanceof Error ? error.message : String(error)}`,
        )
    }
    this.#running = false
    if (this.#again && !this.#closed) this.#wake(settle)
  }

  /** Takes what can be delivered now; answers whether something must wait for a running transaction. */
  async #round(): Promise<boolean> {
    const { rows } = await this.#context.pool.query<Change>(
      `with taken as (
         delete from realtime._changes where xid < pg_snapshot_xmin(pg_current_snapshot()) returning *
       ) select seq, schema_name, table_name, op, rec, old, at from taken order by seq`,
    )
    for (const run of runs(rows)) await this.#deliver(run)
    const { rows: left } = await this.#context.pool.query<{ waiting: boolean }>(
      'select exists (select from realtime._changes) as waiting',
    )
    return left[0]?.waiting === true
  }

  /** Delivers neighbouring changes of one table: one query for each distinct filter and each distinct caller. */
  async #deliver(changes: readonly Change[]): Promise<void> {
    const [first] = changes
    if (!first) return
    const table = await this.#facts(first.schema_name, first.table_name)
    const interested = [...this.#subscriptions].filter((one) => wants(one, first))
    if (!table || interested.length === 0) return
    const images = changes.map(({ rec, old }) => rec ?? old ?? {})
    const seen = new Map<string, Promise<Set<number>>>()
    for (const subscription of interested) {
      const filters = JSON.stringify(subscription.filters)
      const matching = await once(seen, filters, () =>
        matchingRows(this.#context.pool, table, this.#filterable(table, changes), subscription.filters),
      )
      const claims = subscription.claims()
      const caller = JSON.stringify(claims)
      const visible = await once(seen, caller, () => this.#visible(table, changes, images, claims))
      for (const [position, change] of changes.entries())
        if (wants(subscription, change) && matching.has(position) && visible.has(position))
          this.#send(subscription, table, change)
    }
  }

  /** A deleted row has only its key, unless its table keeps whole old rows. */
  #filterable(table: TableFacts, changes: readonly Change[]): Row[] {
    return changes.map(({ op, rec, old }) =>
      op === 'DELETE' ? oldImage(table, old ?? {}, false) : (rec ?? {}),
    )
  }

  async #visible(
    table: TableFacts,
    changes: readonly Change[],
    images: readonly Row[],
    claims: Claims,
  ): Promise<Set<number>> {
    const deleted = [...changes.keys()].filter((position) => changes[position]?.op === 'DELETE')
    if (table.key.length === 0 || deleted.length === changes.length) return new Set(deleted)
    return new Set([...(await visibleRows(this.#context.pool, table, images, claims)), ...deleted])
  }

  #send(subscription: Subscription, table: TableFacts, change: Change): void {
    const { current } = this.#faults
    if (this.#faults.happens(current.missEvents)) return
    const data: ChangeData = {
      type: change.op,
      schema: table.schema,
      table: table.name,
      commit_timestamp: change.at.toISOString(),
      columns: table.columns.map(({ name, type }) => ({ name, type })),
      ...(change.rec && { record: change.rec }),
      ...(change.old && { old_record: oldImage(table, change.old, table.rls && change.op === 'DELETE') }),
      errors: null,
    }
    subscription.deliver(data)
    if (this.#faults.happens(current.repeatEvents)) subscription.deliver(data)
  }
}

function oldImage(table: TableFacts, old: Row, keyOnly: boolean): Row {
  if (table.full && !keyOnly) return old
  return Object.fromEntries(table.key.map((name) => [name, old[name]]))
}

const wants = ({ event, schema, table }: Subscription, change: Change): boolean =>
  (event === '*' || event === change.op) &&
  schema === change.schema_name &&
  (table === undefined || table === '*' || table === change.table_name)

function runs(changes: readonly Change[]): Change[][] {
  const all: Change[][] = []
  for (const change of changes) {
    const last = all.at(-1)
    if (last?.[0]?.table_name === change.table_name && last[0].schema_name === change.schema_name)
      last.push(change)
    else all.push([change])
  }
  return all
}

function once<T>(made: Map<string, Promise<T>>, key: string, make: () => Promise<T>): Promise<T> {
  const known = made.get(key) ?? make()
  made.set(key, known)
  return known
}
