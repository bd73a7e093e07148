import { setTimeout as after } from 'node:timers/promises'
import type { Pool } from 'pg'
import { parseExact } from './exact.js'

export type Row = Readonly<Record<string, unknown>>

/** One captured change of a row. */
export interface Change {
  readonly schema: string
  readonly table: string
  readonly op: 'INSERT' | 'UPDATE' | 'DELETE'
  /** The new row; undefined when it was deleted. */
  readonly record: Row | undefined
  /** The row before; undefined when there was none. */
  readonly old: Row | undefined
  /** The size of the new row as JSON, in characters. */
  readonly size: number
  /** When it was seen, which is a few ms after its commit. */
  readonly at: Date
}

interface NotedChange {
  readonly seq: string
  readonly schema_name: string
  readonly table_name: string
  readonly op: Change['op']
  readonly rec: string | null
  readonly old: string | null
}

const pageSize = 1_000

/** How many sweeps a change outlives: other servers on the database may read it later. */
const sweepsKept = 3

/**
 * Reads what was captured, each change once.
 *
 * A number given before the commit says nothing about the order of commits, so the position is a snapshot: what is new
 * is what the last snapshot did not see and this one sees. A transaction that commits late is read then, and delays nobody.
 */
export class ChangeLog {
  readonly #pool: Pool
  #seen: string | undefined
  readonly #swept: string[] = []

  constructor(pool: Pool) {
    this.#pool = pool
  }

  /** Leaves out whatever was committed until now. */
  async skip(): Promise<void> {
    this.#seen = (await this.#present()).snapshot
  }

  /**
   * Hands over what was committed since the last time, in pages of at most 1,000 changes, each of them some time after its commit.
   * @param options.settle that time, in ms
   * @param options.wanted asked once it is certain what is new: when nobody wants it, it is left out
   */
  async read(
    take: (changes: readonly Change[]) => Promise<void>,
    { settle = 0, wanted = () => true }: { readonly settle?: number; readonly wanted?: () => boolean } = {},
  ): Promise<void> {
    const { snapshot, at } = await this.#present()
    // Not earlier: who began to listen meanwhile wants what was committed since.
    if (wanted()) {
      // What is committed from here on is not in the snapshot, so nothing that is handed over is younger.
      await after(settle)
      await this.#readBetween(this.#seen ?? snapshot, snapshot, at, take)
    }
    this.#seen = snapshot
  }

  async #readBetween(
    seen: string,
    present: string,
    at: Date,
    take: (changes: readonly Change[]) => Promise<void>,
  ): Promise<void> {
    let last = '0'
    for (;;) {
      const page = await this.#page(seen, present, last)
      await take(page.map((noted) => toChange(noted, at)))
      if (page.length < pageSize) break
      last = page.at(-1)?.seq ?? last
    }
  }

  /** Deletes what was read a few sweeps ago. */
  async sweep(): Promise<void> {
    if (this.#seen !== undefined) this.#swept.push(this.#seen)
    const old = this.#swept.length > sweepsKept ? this.#swept.shift() : undefined
    if (old === undefined) return
    await this.#pool.query(
      'delete from realtime._changes where xid < pg_snapshot_xmax($1::pg_snapshot) and pg_visible_in_snapshot(xid, $1)',
      [old],
    )
  }

  async #present(): Promise<{ snapshot: string; at: Date }> {
    const { rows } = await this.#pool.query<{ snapshot: string; at: Date }>(
      'select pg_current_snapshot()::text as snapshot, clock_timestamp() as at',
    )
    const [present] = rows
    if (!present) throw new Error('Postgres has no snapshot')
    return present
  }

  async #page(seen: string, present: string, last: string): Promise<NotedChange[]> {
    const { rows } = await this.#pool.query<NotedChange>(
      `select seq, schema_name, table_name, op, rec::text as rec, old::text as old from realtime._changes
       where xid >= pg_snapshot_xmin($1::pg_snapshot) and not pg_visible_in_snapshot(xid, $1)
         and pg_visible_in_snapshot(xid, $2) and seq > $3
       order by seq limit ${pageSize}`,
      [seen, present, last],
    )
    return rows
  }
}

const toChange = ({ schema_name, table_name, op, rec, old }: NotedChange, at: Date): Change => ({
  schema: schema_name,
  table: table_name,
  op,
  record: rec === null ? undefined : (parseExact(rec) as Row),
  old: old === null ? undefined : (parseExact(old) as Row),
  size: rec?.length ?? 0,
  at,
})
