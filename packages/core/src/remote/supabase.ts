import type { SupabaseClient } from '@supabase/supabase-js'
import { Observable } from 'rxjs'
import type { Columns } from '../base/json.js'
import { browserPorts } from '../base/browserPorts.js'
import { keysetFilter, remoteFilter } from '../query/remoteFilter.js'
import type { Where } from '../query/query.js'
import { keyColumns, type Key } from '../schema/key.js'
import type { Table } from '../schema/table.js'
import { superviseChannel, type ChannelHandle } from './channel.js'
import { parseRetryAfter, RemoteError } from './errors.js'
import type { ChannelSink, ChannelTable, Remote, RemoteEvent, SelectRequest, SessionUser } from './remote.js'

export interface SupabaseRemoteOptions {
  /** Names the project in the local database's name. Left out: the project's address. */
  readonly id?: string
  /** After how many ms without an answer a request is given up. Default: 30,000. */
  readonly timeout?: number
}

interface Answer {
  readonly data: unknown
  readonly error: { readonly message: string; readonly code?: string } | null
  readonly status: number
}

type From = ReturnType<SupabaseClient['from']>

/**
 * A Supabase project as a remote, through the app's own client: its session, its headers, its policies.
 * The client's own retries are switched off; the core decides when to try again.
 *
 * @example
 * createTidemark({ name: 'calendar', schema, remote: supabaseRemote(createClient(url, key)) })
 */
export function supabaseRemote(client: SupabaseClient, options: SupabaseRemoteOptions = {}): Remote {
  const ask = asker(client, options.timeout ?? 30_000)
  const { auth } = client
  return {
    id: options.id ?? client.from('_').url.origin,
    select: (request) => ask(request.table, (from) => select(from, request)),
    insert: (table, rows) =>
      ask(table, (from) => from.insert(rows as Columns[], { defaultToNull: false }).select()),
    update: (table, keys, patch) =>
      ask(table, (from) => from.update(patch).or(keysFilter(table, keys)).select()),
    remove: (table, keys) => ask(table, (from) => from.delete().or(keysFilter(table, keys)).select()),
    channel: (name, tables, sink) =>
      superviseChannel({
        ports: browserPorts,
        refresh: () => refreshSession(client),
        open: async (state) => openChannel(client, name, tables, sink, state),
        state: (state) => sink.state(state),
      }),
    session$: new Observable<SessionUser>((subscriber) => {
      const { data } = auth.onAuthStateChange((_event, session) => subscriber.next(session?.user.id))
      return () => data.subscription.unsubscribe()
    }),
    refresh: () => refreshSession(client),
  }
}

/** Makes requests that fail with a `RemoteError`, or with none after the time-out. */
function asker(client: SupabaseClient, timeout: number) {
  return async (table: Table, build: (from: From) => AbortableQuery): Promise<Columns[]> => {
    let retryAfter: number | undefined
    const from = client.from(table.name)
    const inner = from.fetch ?? fetch
    from.fetch = async (...request: Parameters<typeof fetch>) => {
      const response = await inner(...request)
      retryAfter = parseRetryAfter(response.headers.get('retry-after'), Date.now())
      return response
    }
    const { data, error, status } = await build(from).retry(false).abortSignal(AbortSignal.timeout(timeout))
    if (!error) return (data ?? []) as Columns[]
    throw new RemoteError({
      status,
      message: error.message,
      cause: error,
      ...(error.code !== undefined && error.code !== '' && { serverCode: error.code }),
      ...(retryAfter !== undefined && { retryAfter }),
    })
  }
}

interface AbortableQuery {
  retry(enabled: boolean): { abortSignal(signal: AbortSignal): PromiseLike<Answer> }
}

function select(from: From, { table, columns, where, order, after, limit }: SelectRequest): AbortableQuery {
  let query = from.select(columns?.join(',') ?? '*')
  const filter = remoteFilter(table, where)
  if (filter !== undefined) query = query.or(filter)
  if (after) query = query.or(keysetFilter(order.map(([column]) => column), after))
  for (const [column, direction] of order) query = query.order(column, { ascending: direction === 'asc' })
  return query.limit(limit)
}

function keysFilter(table: Table, keys: readonly Key[]): string {
  const [column = ''] = table.key
  const where = table.key.length === 1 ? { [column]: { in: keys } } : { or: keys.map((key) => keyColumns(table.key, key)) }
  return remoteFilter(table, where as Where) ?? ''
}

/** Renews the session; supabase-js holds a lock across tabs, so that it is done once. False: the user must sign in. */
async function refreshSession({ auth }: SupabaseClient): Promise<boolean> {
  const { data, error } = await auth.refreshSession()
  if (error && (error.status === undefined || error.status === 0 || error.status >= 500) && error.name === 'AuthRetryableFetchError')
    throw new RemoteError({ status: 0, message: error.message, cause: error })
  return data.session !== null
}

/** One channel with a binding for each table. The token is set first: a channel that joins without it hears nothing. */
async function openChannel(
  client: SupabaseClient,
  name: string,
  tables: readonly ChannelTable[],
  sink: ChannelSink,
  state: Parameters<Parameters<typeof superviseChannel>[0]['open']>[0],
): Promise<ChannelHandle> {
  await client.realtime.setAuth()
  const channel = client.channel(`${name}:${crypto.randomUUID()}`)
  for (const { table, owner } of tables) {
    const filter = owner !== undefined && table.owner !== undefined ? { filter: `${table.owner}=eq.${owner}` } : {}
    channel.on('postgres_changes', { event: '*', schema: 'public', table: table.name, ...filter }, (change) => {
      // An event whose columns the policies or its size withheld says only that something has changed.
      if (change.errors !== null && (change.errors as readonly unknown[] | undefined)?.length) state('missed')
      else sink.event(toEvent(change))
    })
  }
  channel.on('system', {}, ({ extension, status }: { extension?: string; status?: string }) => {
    // The channel is joined before the database is listened to: rows may have changed between the two.
    if (extension === 'postgres_changes' && status === 'ok') state('missed')
  })
  channel.subscribe((status) => state(status))
  return { close: async () => void (await client.removeChannel(channel)) }
}

function toEvent(change: { eventType: string; table: string; new: Columns; old: Columns }): RemoteEvent {
  return change.eventType === 'DELETE'
    ? { type: 'delete', table: change.table, key: change.old }
    : { type: 'write', table: change.table, row: change.new }
}
