import { empty, type Sql, sql } from '../sql/sql.js'

/** What runs in a request: one statement that gives one row, an `OutcomeRow`. */
export interface Statement {
  readonly sql: Sql
  readonly isReadOnly: boolean
  /** All that a page is cut from; its plan tells about how many rows that is. */
  readonly estimated?: Sql
}

/** The row every statement gives, as text. */
export interface OutcomeRow {
  readonly body: string | null
  /** Rows in the answer, or rows written. */
  readonly count: string
  /** Rows there are without a page's limits; null when nobody asked. */
  readonly total: string | null
  /** Rows an upsert found there already. */
  readonly updated: string | null
  /** Values of the primary key as a JSON object of texts, when only they are asked for. */
  readonly keys: string | null
  /** What a function set with `set_config('response.headers' …)`. */
  readonly response_headers: string | null
  readonly response_status: string | null
}

/** The row by the order of its columns. */
export function toOutcomeRow(row: readonly (string | null)[]): OutcomeRow {
  const [body = null, count, total = null, keys = null, updated = null, headers = null, status = null] = row
  return {
    body,
    count: count ?? '0',
    total,
    keys,
    updated,
    response_headers: headers,
    response_status: status,
  }
}

interface Envelope {
  /** `name as (…), …`: what comes first. */
  readonly before?: Sql | undefined
  /** Gives the rows of the answer. */
  readonly rows: Sql
  readonly body: Sql
  /** Left out: the rows of the answer are counted. */
  readonly count?: Sql | undefined
  readonly total?: Sql | undefined
  readonly keys?: Sql | undefined
  /** Whether rows that were there already were counted. */
  readonly isUpsert?: boolean
}

/** Puts what there is to tell beside the rows, so that one statement tells all. */
export function envelope({ before, rows, body, count, total, keys, isUpsert }: Envelope): Sql {
  const none = sql`null::text`
  return sql`${before ? sql`with ${before} ` : empty}select ${body} as body, ${count ?? sql`count(*)`} as count,
    ${total ?? none} as total, ${keys ?? none} as keys, ${isUpsert ? updated : none} as updated,
    nullif(current_setting('response.headers', true), '') as response_headers,
    nullif(current_setting('response.status', true), '') as response_status
  from (${rows}) as _result`
}

/** How many rows were there already is counted in a setting: reading `xmax` would need the right to read. */
export const countUpdated = sql`set_config('tidemark.updated',
  (coalesce(nullif(current_setting('tidemark.updated', true), ''), '0')::int + 1)::text, true) <> ''`

const updated = sql`coalesce(nullif(current_setting('tidemark.updated', true), ''), '0')`

/** A name for the rows a statement wrote or a function gave. */
export const sourceRows = sql`pgrst_source`
