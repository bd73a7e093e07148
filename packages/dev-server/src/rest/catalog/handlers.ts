import type { ClientBase } from 'pg'
import { sameTable, type TableName } from './relationship.js'

/** What gives a media type of the app's own: a domain that is named like one is what it returns. */
export interface MediaHandler {
  /** An aggregate over rows; or the domain itself, which the one value of a function already is. */
  readonly kind: 'aggregate' | 'domain'
  readonly schema: string
  readonly name: string
  /** The table or the function that it is for; null: rows of any kind. */
  readonly target: TableName | null
  /** In lower case; or anything that is asked for, which is `*` and `*` again. */
  readonly mediaType: string
  /** The name of the domain, which the answer is called by. */
  readonly answersAs: string
  /** Bytes, and not a text. */
  readonly isBinary: boolean
}

/** What is asked for, if anything gives it. */
export type FindHandler = (mediaType: string) => MediaHandler | undefined

/** What answers to whatever is asked for. */
export const anything = '*/*'

/**
 * What can write the rows of a table, or what a function gives. One that answers to anything comes first, and one for any
 * rows last.
 * @param areWhole the rows have all their columns, and nothing else: only then they still are rows of the table
 */
export function handlersFor(
  handlers: readonly MediaHandler[],
  target: TableName,
  areWhole: boolean,
): FindHandler {
  const own = handlers.filter((one) => areWhole && one.target !== null && sameTable(one.target, target))
  const general = handlers.filter((one) => one.target === null)
  const find = (among: readonly MediaHandler[], wanted: string) =>
    among.find(({ mediaType }) => mediaType === wanted)
  return (wanted) => find(own, anything) ?? find(own, wanted) ?? find(general, wanted)
}

/**
 * Reads the aggregates and functions that give a media type.
 * @param schemas the exposed ones
 */
export async function loadHandlers(client: ClientBase, schemas: readonly string[]): Promise<MediaHandler[]> {
  const { rows } = await client.query<MediaHandler>(handlersQuery, [schemas])
  return rows
}

const handlersQuery = `
with recursive chain (domain, base) as (
  select oid, typbasetype from pg_type
  where typtype = 'd' and (typname ~* '^[a-z0-9.-]+/[a-z0-9.+-]+$' or typname = '${anything}')
  union all
  select domain, next.typbasetype from chain join pg_type next on next.oid = chain.base and next.typtype = 'd'
),
media as (
  select t.oid, n.nspname as schema, t.typname as name, bool_or(c.base = 'bytea'::regtype) as binary
  from chain c join pg_type t on t.oid = c.domain join pg_namespace n on n.oid = t.typnamespace
  group by t.oid, n.nspname, t.typname
)
select case when p.prokind = 'a' then 'aggregate' else 'domain' end as kind,
  case when p.prokind = 'a' then n.nspname else media.schema end as schema,
  case when p.prokind = 'a' then p.proname else media.name end as name,
  case
    when p.prokind = 'f' then json_build_object('schema', n.nspname, 'name', p.proname)
    when own.oid is not null then json_build_object('schema', own_in.nspname, 'name', own.relname)
  end as target,
  lower(media.name) as "mediaType", media.name as "answersAs", media.binary as "isBinary"
from media
join pg_proc p on p.prorettype = media.oid
join pg_namespace n on n.oid = p.pronamespace
left join pg_class own on own.reltype = p.proargtypes[0] and own.relkind in ('r', 'v', 'm', 'f', 'p')
left join pg_namespace own_in on own_in.oid = own.relnamespace
where n.nspname = any($1) and (
  p.prokind = 'f' and not p.proretset
  or p.prokind = 'a' and p.pronargs = 1 and (own.oid is not null or p.proargtypes[0] = 'anyelement'::regtype)
)
order by n.nspname, p.proname, p.oid`
