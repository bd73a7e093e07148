import type { Columns } from '../base/json.js'
import { parseRetryAfter, RemoteError } from '../remote/errors.js'
import type { Asking, Fetched, FetchedPage, Fetcher, FullQuery, ReferenceName } from './fetcher.js'

export interface RestOptions {
  /** Where the entities are, such as `/api/v1`. */
  readonly url: string
  /** The user's access token; asked before each request. */
  readonly token?: () => string | undefined | Promise<string | undefined>
  /** Left out: the browser's own. */
  readonly fetch?: typeof fetch
}

/**
 * A REST API: `GET`, `POST` at `<url>/<entity>`, `GET`, `PATCH`, `DELETE` at `<url>/<entity>/<id>`, with ETags; lists answer
 * `{ data, total }`. Reference data lie at `/datalabel/<name>`, `/entity-codes` and `/settings`.
 *
 * @example
 * restFetcher({ url: '/api/v1', token: async () => (await supabase.auth.getSession()).data.session?.access_token })
 */
export function restFetcher(options: RestOptions): Fetcher {
  const at = (code: string, ...rest: readonly string[]): string =>
    [options.url.replace(/\/$/, ''), ...[code, ...rest].map(encodeURIComponent)].join('/')
  const read = <T>(path: string, { signal, tag }: Asking): Promise<Fetched<T> | 'unchanged'> =>
    ask<T>(options, path, { signal, headers: { 'if-none-match': tag } })
  const write = <T>(method: string, path: string, { signal, tag }: Asking, body?: Columns) =>
    ask<T>(options, path, { method, signal, body, headers: { 'if-match': tag } }) as Promise<Fetched<T>>
  return {
    id: options.url,
    read: (code, id, asking) => read(at(code, id), asking),
    list: async (code, query, asking) => {
      const page = await read<{ data: Columns[]; total: number }>(`${at(code)}?${search(query)}`, asking)
      return page === 'unchanged' ? page : { ...page, data: pageOf(page.data) }
    },
    reference: (name, asking) => read(at(...pathOf(name)), asking),
    create: (code, values, asking) => write('POST', at(code), asking, values),
    update: (code, id, patch, asking) => write('PATCH', at(code, id), asking, patch),
    remove: async (code, id, asking) => {
      await write('DELETE', at(code, id), asking)
    },
  }
}

const pathOf = (name: ReferenceName): [string, ...string[]] =>
  name.kind === 'datalabel' ? [name.kind, name.name] : [name.kind]

/** `page=2&limit=20&orderBy=-name&stage=open&stage=closed`; an empty value stands for null. */
function search({ page, limit, orderBy, filters = {} }: FullQuery): URLSearchParams {
  const params = new URLSearchParams({
    page: String(page),
    limit: String(limit),
    ...(orderBy && { orderBy }),
  })
  for (const [column, filter] of Object.entries(filters))
    for (const value of Array.isArray(filter) ? filter : [filter])
      if (value !== undefined) params.append(column, String(value ?? ''))
  return params
}

function pageOf({ data, total }: { data: Columns[]; total: number }): FetchedPage {
  if (Array.isArray(data) && typeof total === 'number') return { rows: data, total }
  throw notOurs(200)
}

interface Request {
  readonly method?: string
  readonly signal?: AbortSignal | undefined
  readonly body?: Columns | undefined
  readonly headers: Readonly<Record<string, string | undefined>>
}

async function ask<T>(
  options: RestOptions,
  url: string,
  request: Request,
): Promise<Fetched<T> | 'unchanged'> {
  const { fetch: send = fetch } = options
  const { method = 'GET', signal = null, body } = request
  const headers = await headersOf(options, request)
  const response = await send(url, {
    method,
    signal,
    headers,
    body: body ? JSON.stringify(body) : null,
  }).catch((cause: unknown) => {
    throw new RemoteError({ status: 0, message: 'The server cannot be reached.', cause })
  })
  return response.status === 304 ? 'unchanged' : answerOf<T>(response)
}

async function headersOf({ token }: RestOptions, { body, headers }: Request): Promise<Headers> {
  const bearer = await token?.()
  const given = {
    ...headers,
    accept: 'application/json',
    authorization: bearer && `Bearer ${bearer}`,
    'content-type': body && 'application/json',
  }
  return new Headers(Object.entries(given).filter((header): header is [string, string] => Boolean(header[1])))
}

async function answerOf<T>(response: Response): Promise<Fetched<T>> {
  const text = await response.text()
  if (!response.ok) throw failureOf(response, text)
  if (text === '') return { data: undefined as T }
  return { data: parse(text, response.status) as T, tag: response.headers.get('etag') ?? undefined }
}

function parse(text: string, status: number): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw notOurs(status, cause)
  }
}

/** A proxy's page or a captive portal's: tried again. */
const notOurs = (status: number, cause?: unknown): RemoteError =>
  new RemoteError({ kind: 'retry', status, message: 'The answer is not one of the entity API.', cause })

function failureOf({ status, headers }: Response, text: string): RemoteError {
  const retryAfter = parseRetryAfter(headers.get('retry-after'), Date.now())
  const message = messageIn(text) ?? `The server answered with status ${status}.`
  return new RemoteError({ status, message, ...(retryAfter !== undefined && { retryAfter }) })
}

/** The message of a JSON error. Anything else that a server says is for no user. */
function messageIn(text: string): string | undefined {
  if (!text.startsWith('{')) return undefined
  const { message } = parse(text, 0) as { message?: unknown }
  return typeof message === 'string' && message !== '' ? message.slice(0, 500) : undefined
}
