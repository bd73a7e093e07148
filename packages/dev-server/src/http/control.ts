import type { Reply, Request, Service } from '../context.js'
import { DevServerError } from '../errors.js'
import type { Faults, FaultSettings } from '../faults.js'

/**
 * The faults over HTTP, for pages and programs on this computer:
 * `GET`, `POST` and `DELETE /faults`, and `POST /sockets/drop`.
 */
export function createControl(faults: Faults): Service {
  const actions: Record<string, (request: Request) => void> = {
    'GET /faults': () => undefined,
    'POST /faults': (request) => faults.set(settingsOf(request)),
    'DELETE /faults': () => faults.clear(),
    'POST /sockets/drop': () => faults.dropSockets(),
  }
  return (request) => Promise.resolve(answer(actions, faults, request))
}

function answer(
  actions: Record<string, (request: Request) => void>,
  faults: Faults,
  request: Request,
): Reply {
  if (!isLocal(request.headers.origin))
    return reply(403, { message: 'Only pages of this computer may do this' })
  const action = actions[`${request.method} ${request.url.pathname}`]
  if (!action) return reply(404, { message: 'There is no such control' })
  try {
    action(request)
    return reply(200, faults.current)
  } catch (error) {
    if (!(error instanceof DevServerError)) throw error
    return reply(400, { code: error.code, message: error.message })
  }
}

/** Programs send no origin; a page of the internet must not be able to break a developer's server. */
function isLocal(origin: string | undefined): boolean {
  if (origin === undefined) return true
  return URL.canParse(origin) && ['127.0.0.1', 'localhost', '[::1]'].includes(new URL(origin).hostname)
}

function settingsOf({ body }: Request): FaultSettings & { user?: string } {
  try {
    const settings: unknown = JSON.parse(body.toString())
    if (typeof settings === 'object' && settings !== null) return settings
  } catch (error) {
    throw new DevServerError('faults-invalid', 'The body is not JSON.', error)
  }
  throw new DevServerError('faults-invalid', 'The body is not a JSON object.')
}

const reply = (status: number, body: unknown): Reply => ({
  status,
  headers: { 'Content-Type': 'application/json; charset=utf-8' },
  body: JSON.stringify(body),
})
