import type { SchemaCatalog, Table } from '../catalog/catalog.js'
import { alike, nearest } from '../catalog/nearest.js'
import { compileDelete, compileUpdate } from '../compile/change.js'
import { type Statement, sourceRows } from '../compile/envelope.js'
import { compileInsert } from '../compile/insert.js'
import { compilePut } from '../compile/put.js'
import { compileRead } from '../compile/read.js'
import type { Write } from '../compile/write.js'
import { RestError } from '../errors.js'
import type { Query } from '../grammar/ast.js'
import { parseQuery } from '../grammar/query.js'
import { parsePayload } from '../request/payload.js'
import { cutToRange } from '../request/range.js'
import { resolveTree } from '../resolve/tree.js'
import { aliased, tableSource } from '../sql/source.js'
import { mediaFor } from './mediaFor.js'
import type { Action, Asked, Plan } from './plan.js'

/**
 * Understands a request for a table or a view.
 * @throws RestError, ParseError
 */
export function planTable(asked: Asked): Plan {
  const { request, schema, name } = asked
  const action = actions[request.method]
  if (!action) {
    throw new RestError(405, { code: 'PGRST117', message: `Unsupported HTTP method: ${request.method}` })
  }
  const query = cutToRange(parseQuery(request.url.searchParams), request)
  const table = mustTable(schema, name)
  const canConflict = table.primaryKey.length > 0 || query.onConflict !== undefined
  return { ...asked, action, query, canConflict, ...compile(asked, action, table, query) }
}

const actions: Readonly<Record<string, TableAction>> = {
  GET: 'read',
  HEAD: 'read',
  POST: 'insert',
  PUT: 'put',
  PATCH: 'update',
  DELETE: 'delete',
}

type TableAction = Exclude<Action, 'call'>

function compile(
  asked: Asked,
  action: TableAction,
  table: Table,
  query: Query,
): Pick<Plan, 'media' | 'statement'> {
  const { catalog, schema, preferences } = asked
  const isWrite = action !== 'read'
  const source = isWrite ? aliased(sourceRows, table.name, table) : tableSource(table)
  const node = resolveTree({ schema, settings: catalog.settings, isWrite }, query, source, table.name)
  const media = mediaFor(asked, table, node)
  const statement = isWrite
    ? compileWrite(asked, action, { table, query, node, preferences, media })
    : compileRead(node, { ...asked, media, settings: catalog.settings })
  return { media, statement }
}

function compileWrite({ request }: Asked, action: Exclude<TableAction, 'read'>, write: Write): Statement {
  if (action === 'delete') return compileDelete(write)
  const payload = parsePayload(request.body, request.headers['content-type'], write.query.columns)
  if (action === 'update') return compileUpdate(write, payload)
  if (action === 'insert') return compileInsert(write, payload)
  requireWhole(request.url.searchParams)
  return compilePut(write, payload)
}

/** One row is put, not a page of them. */
function requireWhole(params: URLSearchParams): void {
  if (!params.has('limit') && !params.has('offset')) return
  throw new RestError(400, {
    code: 'PGRST114',
    message: 'limit/offset querystring parameters are not allowed for PUT',
  })
}

/** @throws RestError PGRST205 */
export function mustTable({ name: schema, tables }: SchemaCatalog, name: string): Table {
  const table = tables.get(name)
  if (table) return table
  const like = nearest(name, tables.keys(), alike)
  throw new RestError(404, {
    code: 'PGRST205',
    message: `Could not find the table '${schema}.${name}' in the schema cache`,
    hint: like === undefined ? null : `Perhaps you meant the table '${schema}.${like}'`,
  })
}
