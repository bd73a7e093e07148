import type { Request } from '../context.js'
import type { Catalog, DatabaseFunction, Table } from './catalog/catalog.js'
import { nearest } from './catalog/nearest.js'
import { type CallInput, compileCall } from './compile/call.js'
import { compileDelete, compileUpdate } from './compile/change.js'
import { chooseFunction, takesBody } from './compile/chooseFunction.js'
import type { Statement } from './compile/envelope.js'
import { compileInsert } from './compile/insert.js'
import { compileRead } from './compile/read.js'
import { RestError } from './errors.js'
import type { Query } from './grammar/ast.js'
import { parseQuery } from './grammar/query.js'
import { type Media, negotiate } from './request/media.js'
import { parseArguments, parsePayload } from './request/payload.js'
import { parsePreferences, type Preferences } from './request/preferences.js'

export type Action = 'read' | 'insert' | 'update' | 'delete' | 'call'

/** What a request comes to. */
export interface Plan {
  readonly action: Action
  readonly query: Query
  readonly preferences: Preferences
  readonly media: Media
  readonly statement: Statement
  /** The function that is called. */
  readonly target?: DatabaseFunction
  /** The name in the path. */
  readonly name: string
}

/**
 * Understands a request.
 * @throws RestError, ParseError, EmbedParameter
 */
export function planRequest(request: Request, catalog: Catalog): Plan {
  requireSchema(request)
  const [, first = '', second, ...more] = request.url.pathname.split('/').map(decodeURIComponent)
  if (first === 'rpc' && second !== undefined && more.length === 0) return planCall(request, catalog, second)
  if (first !== '' && second === undefined) return planTable(request, catalog, first)
  throw new RestError(404, { code: 'PGRST125', message: 'Invalid path specified in request URL' })
}

function planTable(request: Request, catalog: Catalog, name: string): Plan {
  const action = actions[request.method]
  if (!action) throw unsupported(request)
  const table = mustTable(catalog, name)
  const query = requireRange(parseQuery(request.url.searchParams))
  const preferences = parsePreferences(request.headers.prefer)
  const media = negotiate(request.headers.accept)
  const write = { table, query, preferences, media }
  const compile: Record<Exclude<Action, 'call'>, () => Statement> = {
    read: () => compileRead(table, query, preferences, media),
    insert: () => compileInsert(write, parsePayload(request.body)),
    update: () => compileUpdate(write, parsePayload(request.body)),
    delete: () => compileDelete(write),
  }
  return { action, query, preferences, media, statement: compile[action](), name }
}

const actions: Readonly<Record<string, Exclude<Action, 'call'>>> = {
  GET: 'read',
  HEAD: 'read',
  POST: 'insert',
  PATCH: 'update',
  DELETE: 'delete',
}

function planCall(request: Request, catalog: Catalog, name: string): Plan {
  const isReadOnly = ['GET', 'HEAD'].includes(request.method)
  if (!isReadOnly && request.method !== 'POST') throw unsupported(request)
  const query = requireRange(parseQuery(request.url.searchParams, isReadOnly))
  const preferences = parsePreferences(request.headers.prefer)
  const media = negotiate(request.headers.accept)
  const { target, input } = isReadOnly ? withTexts(catalog, name, query) : withBody(catalog, name, request)
  const statement = compileCall({ target, input, query, preferences, media, isReadOnly })
  return { action: 'call', query, preferences, media, statement, target, name }
}

type Chosen = { readonly target: DatabaseFunction; readonly input: CallInput }

function withTexts(catalog: Catalog, name: string, { args }: Query): Chosen {
  const target = chooseFunction(catalog, { name, keys: Object.keys(args), hasBody: false })
  return { target, input: { kind: 'texts', texts: args } }
}

function withBody(catalog: Catalog, name: string, { headers, body }: Request): Chosen {
  const isText = headers['content-type']?.startsWith('text/plain') === true
  const { text, keys } = isText ? { text: body.toString('utf8'), keys: [] } : parseArguments(body)
  const target = chooseFunction(catalog, { name, keys, hasBody: body.length > 0 })
  return { target, input: takesBody(target) ? { kind: 'body', text } : { kind: 'object', text, keys } }
}

function mustTable({ tables }: Catalog, name: string): Table {
  const table = tables.get(name)
  if (table) return table
  const like = nearest(name, tables.keys())
  throw new RestError(404, {
    code: 'PGRST205',
    message: `Could not find the table 'public.${name}' in the schema cache`,
    hint: like === undefined ? null : `Perhaps you meant the table 'public.${like}'`,
  })
}

function requireSchema({ method, headers }: Request): void {
  const isRead = ['GET', 'HEAD'].includes(method)
  const schema = headers[isRead ? 'accept-profile' : 'content-profile'] ?? 'public'
  if (schema === 'public') return
  throw new RestError(406, {
    code: 'PGRST106',
    message: `Invalid schema: ${schema}`,
    hint: 'Only the following schemas are exposed: public',
  })
}

function requireRange(query: Query): Query {
  if (query.offset >= 0 && (query.limit ?? 0) >= 0) return query
  throw new RestError(416, {
    code: 'PGRST103',
    message: 'Requested range not satisfiable',
    details: 'Limit and offset should be greater than or equal to zero.',
  })
}

const unsupported = ({ method }: Request) =>
  new RestError(405, { code: 'PGRST117', message: `Unsupported HTTP method: ${method}` })
