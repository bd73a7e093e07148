import type { DatabaseFunction, SchemaCatalog } from '../catalog/catalog.js'
import { compileCall } from '../compile/call.js'
import { chooseFunction } from '../compile/chooseFunction.js'
import { sourceRows } from '../compile/envelope.js'
import { RestError } from '../errors.js'
import { parseQuery } from '../grammar/query.js'
import { type CallInput, readInput, textsOf } from '../request/callInput.js'
import type { Preferences } from '../request/preferences.js'
import { cutToRange } from '../request/range.js'
import { resolveTree } from '../resolve/tree.js'
import { aliased } from '../sql/source.js'
import { mediaFor } from './mediaFor.js'
import type { Asked, Plan } from './plan.js'

/**
 * Understands a call.
 * @throws RestError, ParseError
 */
export function planCall(asked: Asked): Plan {
  const { request, catalog, schema, name, preferences } = asked
  const isRead = request.method === 'GET' || request.method === 'HEAD'
  if (!isRead && request.method !== 'POST') throw wrongMethod(request.method)
  const query = cutToRange(parseQuery(request.url.searchParams, isRead), request)
  const input: CallInput = isRead
    ? { kind: 'texts', texts: textsOf(query.args) }
    : readInput(request, query.columns)
  const target = chooseFunction(schema, name, input, !isRead)
  requireCountable(target, preferences)
  const node = resolveTree(
    { schema, settings: catalog.settings, isWrite: false },
    query,
    resultSource(schema, target),
    target.table?.name ?? target.name,
  )
  const media = mediaFor(asked, target.table ?? target, node)
  const statement = compileCall({
    ...asked,
    media,
    settings: catalog.settings,
    target,
    input,
    node,
    mayWrite: !isRead,
  })
  return { ...asked, action: 'call', query, media, statement, target }
}

/** Rows of a table keep the table's name and relationships. */
function resultSource(schema: SchemaCatalog, { name, table }: DatabaseFunction) {
  const known = table?.schema === schema.name ? schema.tables.get(table.name) : undefined
  return aliased(sourceRows, table?.name ?? name, known)
}

const wrongMethod = (method: string) =>
  new RestError(405, { code: 'PGRST101', message: `Cannot use the ${method} method on RPC` })

/** One value is always one row: there is nothing to limit. */
function requireCountable({ returnsSet }: DatabaseFunction, { handling, maxAffected }: Preferences): void {
  if (returnsSet || handling !== 'strict' || maxAffected === undefined) return
  throw new RestError(400, {
    code: 'PGRST128',
    message: 'Function must return SETOF or TABLE when max-affected preference is used with handling=strict',
  })
}
