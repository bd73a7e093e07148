import type { Reply, Request } from '../context.js'
import type { SchemaCatalog } from './catalog/catalog.js'
import type { RestSettings } from './catalog/settings.js'
import type { OutcomeRow } from './compile/envelope.js'
import { RestError } from './errors.js'
import type { Access } from './openapi/access.js'
import { describeSchema } from './openapi/document.js'
import { byPreference } from './request/accept.js'
import { notAvailable } from './request/media.js'

const known = ['application/openapi+json', 'application/json', '*/*']

/**
 * Refuses what the description of a schema cannot be asked with.
 * @throws RestError PGRST107, PGRST117, PGRST126
 */
export function requireDescribable({ method, headers }: Request, { describesItself }: RestSettings): void {
  if (!describesItself) {
    throw new RestError(404, { code: 'PGRST126', message: 'Root endpoint metadata is disabled' })
  }
  if (method !== 'GET' && method !== 'HEAD') {
    throw new RestError(405, { code: 'PGRST117', message: `Unsupported HTTP method: ${method}` })
  }
  const wanted = byPreference(headers.accept ?? '*/*')
  if (!wanted.some(({ type }) => known.includes(type))) throw notAvailable(wanted)
}

/** The answer to a request for the root: the description of what the caller may use. */
export function replyWithDescription(
  { method, headers }: Request,
  schema: SchemaCatalog,
  { body }: OutcomeRow,
): Reply {
  const access = JSON.parse(body ?? '{}') as Access
  return {
    status: 200,
    headers: {
      'Content-Type': 'application/openapi+json; charset=utf-8',
      'Content-Profile': schema.name,
    },
    body:
      method === 'HEAD' ? '' : JSON.stringify(describeSchema(schema, access, headers.host ?? 'localhost')),
  }
}
