import type { Request } from '../../context.js'
import type { Catalog, SchemaCatalog } from '../catalog/catalog.js'
import { RestError } from '../errors.js'

/** What the address names. */
export type Route = { readonly kind: 'root' } | { readonly kind: 'table' | 'function'; readonly name: string }

/**
 * Reads the path.
 * @throws RestError PGRST125
 */
export function routeOf({ url }: Request): Route {
  const [, first = '', second, ...more] = url.pathname.split('/').map(decode)
  if (first === 'rpc' && second && more.length === 0) return { kind: 'function', name: second }
  if (second === undefined) return first === '' ? { kind: 'root' } : { kind: 'table', name: first }
  throw invalidPath()
}

function decode(step: string): string {
  try {
    return decodeURIComponent(step)
  } catch {
    throw invalidPath()
  }
}

const invalidPath = () =>
  new RestError(404, { code: 'PGRST125', message: 'Invalid path specified in request URL' })

const reads = ['GET', 'HEAD', 'OPTIONS']

/**
 * The schema that the headers name, or else the first.
 * @throws RestError PGRST106
 */
export function schemaOf({ method, headers }: Request, { settings, schemas }: Catalog): SchemaCatalog {
  const wanted = headers[reads.includes(method) ? 'accept-profile' : 'content-profile']
  const schema = schemas.get(wanted ?? settings.schemas[0] ?? '')
  if (schema) return schema
  throw new RestError(406, {
    code: 'PGRST106',
    message: `Invalid schema: ${wanted ?? ''}`,
    hint: `Only the following schemas are exposed: ${settings.schemas.join(', ')}`,
  })
}
