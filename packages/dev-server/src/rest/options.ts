import type { Reply, Request } from '../context.js'
import type { Catalog } from './catalog/catalog.js'
import { chooseFunction } from './compile/chooseFunction.js'
import { mustTable } from './plan/planTable.js'
import { parseQuery } from './grammar/query.js'
import { textsOf } from './request/callInput.js'
import { type Route, schemaOf } from './request/route.js'

/**
 * Tells what can be done with what the address names.
 * @throws RestError PGRST106, PGRST202, PGRST203, PGRST205
 */
export function replyToOptions(request: Request, route: Route, catalog: Catalog): Reply {
  return { status: 200, headers: { Allow: allowed(request, route, catalog).join(',') } }
}

function allowed(request: Request, route: Route, catalog: Catalog): string[] {
  const read = ['OPTIONS', 'GET', 'HEAD']
  const schema = schemaOf(request, catalog)
  if (route.kind === 'root') return read
  if (route.kind === 'function') {
    const texts = textsOf(parseQuery(request.url.searchParams, true).args)
    const { isVolatile } = chooseFunction(schema, route.name, { kind: 'texts', texts }, false)
    return isVolatile ? ['OPTIONS', 'POST'] : [...read, 'POST']
  }
  const { canInsert, canUpdate, canDelete, primaryKey } = mustTable(schema, route.name)
  return [
    ...read,
    ...(canInsert ? ['POST'] : []),
    ...(canInsert && canUpdate && primaryKey.length > 0 ? ['PUT'] : []),
    ...(canUpdate ? ['PATCH'] : []),
    ...(canDelete ? ['DELETE'] : []),
  ]
}
