import type { Columns } from '../base/json.js'
import { versionOf } from '../base/version.js'
import { rowsOf, type Answer } from '../remote/answer.js'
import { authOf } from '../remote/authSession.js'
import { RemoteError } from '../remote/errors.js'
import type { SupabaseClientLike } from '../remote/supabase.js'
import type { Asking, Fetched, FetchedPage, Fetcher, FullQuery, ReferenceName } from './fetcher.js'

export interface PostgrestOptions {
  /** The table or view of each entity type whose name is not its code. */
  readonly tables?: Readonly<Record<string, string>>
  /** The id's column. Default: `id`. */
  readonly key?: string
  /**
   * Where reference data lie. `datalabel`: rows with `name`, `value`, `label`; `entity-codes`: rows with `code`, `label`;
   * `settings`: rows with `key`, `value`. Default: tables of these names, with `_` for `-`.
   */
  readonly reference?: Partial<Record<ReferenceName['kind'], string>>
}

type From = ReturnType<SupabaseClientLike['from']>

interface Query extends PromiseLike<Answer & { readonly count?: number | null }> {
  retry(enabled: boolean): Query
  abortSignal(signal: AbortSignal): Query
}

/**
 * Tables of a Supabase project as entities, through the app's own client: its session, its policies. Conflicts are found by
 * the column `version`, which a trigger must count up; tables without it have none.
 *
 * @example
 * postgrestFetcher(supabase, { tables: { project: 'projects' } })
 */
export function postgrestFetcher(client: SupabaseClientLike, options: PostgrestOptions = {}): Fetcher {
  const { tables = {}, key = 'id', reference = {} } = options
  const ask = asker(client)
  const table = (code: string): string => tables[code] ?? code
  const one = async (code: string, id: string, signal?: AbortSignal): Promise<Fetched<Columns>> =>
    only(rowsOf(await ask(table(code), (from) => from.select().eq(key, id), signal)))
  /** What no row was written for: it has changed, or is not there for this user. */
  const written = async (code: string, id: string, rows: readonly Columns[]): Promise<Fetched<Columns>> => {
    if (rows.length > 0) return only(rows)
    await one(code, id)
    throw new RemoteError({ kind: 'refused', status: 412, message: 'Somebody else has changed it.' })
  }
  return {
    id: client.from('_').url.href,
    read: (code, id, { signal }) => one(code, id, signal),
    list: (code, query, { signal }) => list((build) => ask(table(code), build, signal), query),
    reference: async (name, { signal }) => {
      const place = reference[name.kind] ?? name.kind.replaceAll('-', '_')
      const build = (from: From): Query =>
        name.kind === 'datalabel' ? from.select().eq('name', name.name) : from.select()
      return { data: referenceOf(name, rowsOf(await ask(place, build, signal))) }
    },
    create: async (code, values, { signal }) =>
      only(rowsOf(await ask(table(code), (from) => from.insert(values).select(), signal))),
    update: async (code, id, patch, asking) => {
      const build = (from: From): Query => unchanged(from.update(patch).eq(key, id), asking).select()
      return written(code, id, rowsOf(await ask(table(code), build, asking.signal)))
    },
    remove: async (code, id, asking) => {
      const build = (from: From): Query => unchanged(from.delete().eq(key, id), asking).select()
      await written(code, id, rowsOf(await ask(table(code), build, asking.signal)))
    },
  }
}

/** Asks in the name of the signed-in user; when to ask again is decided elsewhere. */
function asker(client: SupabaseClientLike) {
  const auth = authOf(client.auth)
  return async (table: string, build: (from: From) => Query, signal?: AbortSignal) => {
    const from = client.from(table)
    from.headers.set('Authorization', `Bearer ${await auth.token()}`)
    const query = build(from).retry(false)
    return signal ? query.abortSignal(signal) : query
  }
}

function only([row]: readonly Columns[]): Fetched<Columns> {
  if (!row) throw new RemoteError({ status: 404, message: 'There is no such entity, or it is hidden.' })
  return { data: row, tag: versionOf(row)?.toString() }
}

const unchanged = <Q extends { eq(column: string, value: string): Q }>(query: Q, { tag }: Asking): Q =>
  tag === undefined ? query : query.eq('version', tag)

type Ask = (build: (from: From) => Query) => ReturnType<ReturnType<typeof asker>>

async function list(ask: Ask, query: FullQuery): Promise<Fetched<FetchedPage>> {
  const first = (query.page - 1) * query.limit
  const answer = await ask((from) => filtered(from, query).range(first, first + query.limit - 1))
  if (answer.status !== 416) return { data: { rows: rowsOf(answer), total: answer.count ?? 0 } }
  // The page lies behind the last one.
  const counted = await ask((from) => filtered(from, query).limit(0))
  return { data: { rows: rowsOf(counted), total: counted.count ?? 0 } }
}

function filtered(from: From, { filters = {}, orderBy }: FullQuery) {
  let query = from.select('*', { count: 'exact' })
  for (const [column, filter] of Object.entries(filters)) {
    if (filter === undefined) continue
    if (filter === null) query = query.is(column, null)
    else if (typeof filter === 'object') query = query.in(column, filter)
    else query = query.eq(column, filter)
  }
  if (orderBy === undefined) return query
  return query.order(orderBy.replace(/^-/, ''), { ascending: !orderBy.startsWith('-') })
}

function referenceOf({ kind }: ReferenceName, rows: readonly Columns[]): unknown {
  return kind === 'settings' ? Object.fromEntries(rows.map(({ key, value }) => [key, value])) : rows
}
