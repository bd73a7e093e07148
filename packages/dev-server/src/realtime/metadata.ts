import { DatabaseError, type Pool } from 'pg'

/** What must be known of a table to tell of its changes. */
export interface TableFacts {
  readonly schema: string
  readonly name: string
  /** Row level security decides who sees its rows. */
  readonly rls: boolean
  /** REPLICA IDENTITY FULL: old values are delivered. */
  readonly full: boolean
  readonly published: boolean
  readonly key: readonly string[]
  readonly columns: readonly ColumnFacts[]
}

export interface ColumnFacts {
  readonly name: string
  /** As clients are told it: `int8`, `_text`, `timestamptz`. */
  readonly type: string
  /** As a cast has it. */
  readonly sqlType: string
}

/** How long facts hold, in ms, where the database does not tell of changes of its structure. */
const lifetime = 2_000

/** Facts of tables and rights, read once and kept for a short time. */
export class Metadata {
  readonly #pool: Pool
  readonly #kept = new Map<string, { readonly until: number; readonly value: Promise<unknown> }>()

  constructor(pool: Pool) {
    this.#pool = pool
  }

  /** Undefined when there is no such table. */
  table(schema: string, name: string): Promise<TableFacts | undefined> {
    return this.#keep(JSON.stringify([schema, name]), () => readTable(this.#pool, schema, name))
  }

  /** The names of the columns that a role may select; none for a role that does not exist. */
  selectable({ schema, name }: TableFacts, role: string): Promise<ReadonlySet<string>> {
    return this.#keep(JSON.stringify([schema, name, role]), () => readRights(this.#pool, schema, name, role))
  }

  /** How many tables of a schema are published; `*` means every schema. */
  published(schema: string): Promise<number> {
    return this.#keep(JSON.stringify([schema]), async () => {
      const { rows } = await this.#pool.query<{ tables: number }>(
        `select count(*)::int as tables from pg_publication_tables
         where pubname = 'supabase_realtime' and ($1::text = '*' or schemaname = $1::text)`,
        [schema],
      )
      return rows[0]?.tables ?? 0
    })
  }

  /** The structure of the database has changed. */
  forget(): void {
    this.#kept.clear()
  }

  #keep<T>(id: string, read: () => Promise<T>): Promise<T> {
    const known = this.#kept.get(id)
    if (known && known.until > performance.now()) return known.value as Promise<T>
    const value = read()
    this.#kept.set(id, { until: performance.now() + lifetime, value })
    // A failure is told to whoever waits; the next one reads again.
    value.catch(() => this.#kept.delete(id))
    return value
  }
}

async function readTable(pool: Pool, schema: string, name: string): Promise<TableFacts | undefined> {
  const { rows } = await pool.query<Omit<TableFacts, 'schema' | 'name'>>(
    `select c.relrowsecurity as rls, c.relreplident = 'f' as full,
       exists (select from pg_publication_tables where pubname = 'supabase_realtime'
         and schemaname = n.nspname and tablename = c.relname) as published,
       coalesce((select json_agg(a.attname order by k.n)
         from pg_index i, unnest(i.indkey) with ordinality k (num, n) join pg_attribute a on a.attnum = k.num
         where a.attrelid = c.oid and i.indrelid = c.oid and i.indisprimary), '[]') as key,
       coalesce((select json_agg(json_build_object('name', a.attname, 'type', t.typname,
           'sqlType', format_type(a.atttypid, -1)) order by a.attnum)
         from pg_attribute a join pg_type t on t.oid = a.atttypid
         where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped), '[]') as columns
     from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where n.nspname = $1 and c.relname = $2 and c.relkind in ('r', 'p')`,
    [schema, name],
  )
  const [facts] = rows
  return facts && { schema, name, ...facts }
}

async function readRights(
  pool: Pool,
  schema: string,
  name: string,
  role: string,
): Promise<ReadonlySet<string>> {
  const read = pool.query<{ name: string }>(
    `select a.attname as name
     from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
     where n.nspname = $1 and c.relname = $2 and a.attnum > 0 and not a.attisdropped
       and has_schema_privilege($3, n.oid, 'usage') and has_column_privilege($3, c.oid, a.attnum, 'select')`,
    [schema, name, role],
  )
  const rows = await read.then(
    (result) => result.rows,
    (error: unknown) => {
      if (error instanceof DatabaseError && error.code === '42704') return []
      throw error
    },
  )
  return new Set(rows.map((row) => row.name))
}

/** A name as SQL takes it. */
export const quoteName = (name: string): string => `"${name.replaceAll('"', '""')}"`
