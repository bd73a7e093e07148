import type { Media } from '../request/media.js'
import { type Sql, sql } from '../sql/sql.js'

/** What runs in a request: one statement that gives one row, an `OutcomeRow`. */
export interface Statement {
  readonly sql: Sql
  readonly isReadOnly: boolean
  /** All that a page is cut from; its plan tells about how many rows that is. */
  readonly estimated?: Sql
}

/** The row every statement gives. */
export interface OutcomeRow {
  readonly body: string
  /** Rows in the answer, or rows written. */
  readonly count: number
  /** Rows there are without a page's limits; null when nobody asked. */
  readonly total: string | null
  /** Rows an upsert found there already. */
  readonly updated: number
  /** Values of the primary key, as text, when only they are asked for. */
  readonly keys: Readonly<Record<string, string>> | null
  /** What a function set with `set_config('response.headers' …)`. */
  readonly response_headers: string | null
  readonly response_status: string | null
}

interface Envelope {
  /** `name as (…), …`: what comes first. */
  readonly before: Sql
  /** Gives the rows of the answer. */
  readonly rows: Sql
  readonly body: Sql
  /** Left out: the rows of the answer are counted. */
  readonly count?: Sql
  readonly total?: Sql | undefined
  readonly keys?: Sql | undefined
}

/** Puts what there is to tell beside the rows, so that one statement tells all. */
export function envelope({ before, rows, body, count, total, keys }: Envelope): Sql {
  return sql`with ${before} select ${body} as body, ${count ?? sql`count(*)`}::int as count,
    ${total ?? sql`null`}::text as total, ${keys ?? sql`null`}::json as keys,
    coalesce(nullif(current_setting('tidemark.updated', true), ''), '0')::int as updated,
    nullif(current_setting('response.headers', true), '') as response_headers,
    nullif(current_setting('response.status', true), '') as response_status
  from (${rows}) as _result`
}

/** The rows as text, in the form the caller wants. */
export function bodyOf({ shape, stripNulls }: Media): Sql {
  if (shape === 'csv') return csv
  const rows = stripNulls ? sql`json_strip_nulls(json_agg(_result))` : sql`json_agg(_result)`
  return shape === 'object' ? sql`coalesce((${rows} -> 0)::text, 'null')` : sql`coalesce(${rows}, '[]')::text`
}

/** PostgreSQL writes a row as text in a form that is CSV between its parentheses. */
const csv = sql`coalesce((select string_agg(quote_ident(_name), ',') from json_object_keys(json_agg(_result) -> 0) as _name), '')
  || coalesce(E'\n' || string_agg(substring(_result::text, 2, length(_result::text) - 2), E'\n'), '')`

/** An answer without rows for which there is nothing to run. */
export const nothing: Sql = sql`select '[]' as body, 0 as count, null::text as total, 0 as updated, null::json as keys,
  null as response_headers, null as response_status`
