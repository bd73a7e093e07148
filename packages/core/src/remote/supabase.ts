import type { SupabaseClient } from '@supabase/supabase-js'
import { browserPorts } from '../base/browserPorts.js'
import type { Columns } from '../base/json.js'
import { keysetFilter, remoteFilter } from '../query/remoteFilter.js'
import { keyColumns, type Key } from '../schema/key.js'
import type { Table } from '../schema/table.js'
import { objectOf, rowsOf, type Answer } from './answer.js'
import { authOf, type Auth } from './authSession.js'
import { bindingsOf, eventsOf, type RowChange } from './changes.js'
import { superviseChannel, type ChannelHandle, type ChannelWord } from './channel.js'
import { parseRetryAfter, RemoteError } from './errors.js'
import type { ExactDigestAnswer, ExactFunctions, ExactPullAnswer, ExactPushAnswer } from './exact.js'
import type { ChannelSink, ChannelTable, SelectRequest, Transport } from './remote.js'

export interface SupabaseRemoteOptions {
  /** Names the project in the local database's name. Left out: the project's address. */
  readonly id?: string
  /** After how many ms without an answer a request is given up. Default: 30,000. */
  readonly timeout?: number
}

/** What is used of a client: any client of supabase-js, whatever its types of tables and its schema. */
export type SupabaseClientLike = Pick<
  SupabaseClient,
  'auth' | 'channel' | 'from' | 'realtime' | 'removeChannel' | 'rpc'
>

type From = ReturnType<SupabaseClientLike['from']>

/**
 * What can be asked of a Supabase project. The client's own retries are switched off; the core decides when to try again.
 */
export function supabaseTransport(
  client: SupabaseClientLike,
  options: SupabaseRemoteOptions = {},
): Transport {
  const auth = authOf(client.auth)
  const timeout = options.timeout ?? 30_000
  const ask = asker(client, auth, timeout)
  return {
    id: options.id ?? addressOf(client),
    select: (request) => ask(request.table, (from) => select(from, request)),
    insert: (table, rows) => ask(table, (from) => from.insert([...rows], { defaultToNull: false }).select()),
    update: (table, keys, patch) =>
      ask(table, (from) => from.update(patch).or(keysFilter(table, keys)).select()),
    remove: (table, keys) => ask(table, (from) => from.delete().or(keysFilter(table, keys)).select()),
    channel: (name, tables, sink) =>
      superviseChannel({
        ports: browserPorts,
        open: (say) => openChannel({ client, auth, name, tables, sink, say }),
        refresh: () => auth.refresh(),
        state: (state) => sink.state(state),
      }),
    session$: auth.session$,
    refresh: () => auth.refresh(),
    exact: exactFunctions(client, auth, timeout),
  }
}

function exactFunctions(client: SupabaseClientLike, auth: Auth, timeout: number): ExactFunctions {
  const call = (name: string, args: object): Promise<object> => {
    const signal = AbortSignal.timeout(timeout)
    return until(signal, async () => {
      const request = client.rpc(name, args).setHeader('Authorization', `Bearer ${await auth.token()}`)
      return objectOf(await request.retry(false).abortSignal(signal))
    })
  }
  return {
    pull: (request) => call('tidemark_pull', { request }) as Promise<ExactPullAnswer>,
    push: (client_id, mutations) =>
      call('tidemark_push', { client_id, mutations }) as Promise<ExactPushAnswer>,
    digest: (request) => call('tidemark_digest', { request }) as Promise<ExactDigestAnswer>,
  }
}

/** Two projects may share a host, and differ by their paths. */
const addressOf = (client: SupabaseClientLike): string =>
  client.from('_').url.href.replace(/\/rest\/v1\/_$/, '')

interface Query {
  retry(enabled: boolean): { abortSignal(signal: AbortSignal): PromiseLike<Answer> }
}

/** Makes requests in the name of the signed-in user that are tried once, and fail with a `RemoteError`. */
function asker(client: SupabaseClientLike, auth: Auth, timeout: number) {
  return async (table: Table, build: (from: From) => Query): Promise<Columns[]> => {
    const signal = AbortSignal.timeout(timeout)
    // supabase-js renews an old session within a request, and that knows nothing of our signal.
    return until(signal, async () => {
      const from = client.from(table.name)
      from.headers.set('Authorization', `Bearer ${await auth.token()}`)
      const retryAfter = readRetryAfter(from)
      return rowsOf(await build(from).retry(false).abortSignal(signal), retryAfter())
    })
  }
}

/** The header is not part of an answer of supabase-js. */
function readRetryAfter(from: From): () => number | undefined {
  const inner = from.fetch ?? fetch
  let retryAfter: number | undefined
  from.fetch = async (...request: Parameters<typeof fetch>) => {
    const response = await inner(...request)
    retryAfter = parseRetryAfter(response.headers.get('retry-after'), Date.now())
    return response
  }
  return () => retryAfter
}

function until<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = (): void =>
      reject(
        new RemoteError({ status: 0, message: 'The server did not answer in time.', cause: signal.reason }),
      )
    signal.addEventListener('abort', abort)
    work()
      .then(resolve, reject)
      .finally(() => signal.removeEventListener('abort', abort))
  })
}

function select(from: From, { table, columns, where, order, after, limit }: SelectRequest): Query {
  let query = from.select(columns?.join(',') ?? '*')
  const filter = remoteFilter(table, where)
  if (filter !== undefined) query = query.or(filter)
  if (after)
    query = query.or(
      keysetFilter(
        order.map(([column]) => column),
        after,
      ),
    )
  for (const [column, direction] of order) query = query.order(column, { ascending: direction === 'asc' })
  return query.limit(limit)
}

function keysFilter(table: Table, keys: readonly Key[]): string {
  const [column = ''] = table.key
  const where =
    table.key.length === 1
      ? { [column]: { in: keys } }
      : { or: keys.map((key) => keyColumns(table.key, key)) }
  return remoteFilter(table, where) ?? ''
}

interface OpenOptions {
  readonly client: SupabaseClientLike
  readonly auth: Auth
  readonly name: string
  readonly tables: readonly ChannelTable[]
  readonly sink: ChannelSink
  readonly say: (word: ChannelWord) => void
}

async function openChannel({ client, auth, name, tables, sink, say }: OpenOptions): Promise<ChannelHandle> {
  // A channel that joins without the user's token joins as nobody, and is never told of the user's rows.
  await auth.token()
  await client.realtime.setAuth()
  // The name is new each time: asked for a name that it knows, realtime-js answers with the old channel.
  const channel = client.channel(`${name}:${crypto.randomUUID()}`)
  const schema = client.from('_').schema ?? 'public'
  for (const scoped of tables) {
    const hear = (change: RowChange): void => {
      const events = eventsOf(scoped.table, change)
      if (events) for (const event of events) sink.event(event)
      else say('missed')
    }
    for (const binding of bindingsOf(scoped, schema)) channel.on('postgres_changes', binding, hear)
  }
  channel.on('system', {}, ({ extension, status }) => {
    if (extension === 'postgres_changes') say(status === 'ok' ? 'listening' : 'deaf')
  })
  channel.subscribe((status) => say(status))
  return { close: () => client.removeChannel(channel) }
}
