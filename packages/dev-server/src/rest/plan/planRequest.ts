import type { Request } from '../../context.js'
import type { Catalog } from '../catalog/catalog.js'
import { parsePreferences } from '../request/preferences.js'
import { type Route, schemaOf } from '../request/route.js'
import type { Plan } from './plan.js'
import { planCall } from './planCall.js'
import { planTable } from './planTable.js'

/**
 * Understands a request for a table, a view or a function.
 * @throws RestError, ParseError
 */
export function planRequest(
  request: Request,
  { kind, name }: Exclude<Route, { kind: 'root' }>,
  catalog: Catalog,
): Plan {
  const { settings } = catalog
  const asked = {
    request,
    catalog,
    schema: schemaOf(request, catalog),
    name,
    preferences: parsePreferences(request.headers.prefer, settings.allowsTxPreference),
    isHead: request.method === 'HEAD',
  }
  return kind === 'table' ? planTable(asked) : planCall(asked)
}
