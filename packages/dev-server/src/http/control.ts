import type { MovableClock } from '../clock.js'
import type { Reply, Request, Service } from '../context.js'
import { DevServerError } from '../errors.js'
import type { Faults } from '../faults.js'

/** What can be controlled. */
export interface Controls {
  readonly faults: Faults
  readonly clock: MovableClock
  readonly reset: () => Promise<void>
}

type Action = (request: Request) => unknown

/**
 * The controls over HTTP, for pages and programs on this computer: `GET`, `POST` and `DELETE /faults`, `POST /sockets/drop`,
 * `GET`, `POST` and `DELETE /clock`, and `POST /reset`.
 */
export function createControl({ faults, clock, reset }: Controls): Service {
  const time = () => ({ now: clock.now() })
  const actions: Record<string, Action> = {
    'GET /faults': () => faults.current,
    'POST /faults': (request) => {
      faults.set(objectOf(request))
      return faults.current
    },
    'DELETE /faults': () => {
      faults.clear()
      return faults.current
    },
    'POST /sockets/drop': () => {
      faults.dropSockets()
      return faults.current
    },
    'GET /clock': time,
    'POST /clock': (request) => {
      clock.advance(millisecondsOf(request))
      return time()
    },
    'DELETE /clock': () => {
      clock.reset()
      return time()
    },
    'POST /reset': () => reset().then(() => ({})),
  }
  return (request) => answer(actions, request)
}

async function answer(actions: Record<string, Action>, request: Request): Promise<Reply> {
  if (!isLocal(request.headers.origin))
    return reply(403, { message: 'Only pages of this computer may do this' })
  const action = actions[`${request.method} ${request.url.pathname}`]
  if (!action) return reply(404, { message: 'There is no such control' })
  try {
    return reply(200, await action(request))
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

function millisecondsOf(request: Request): number {
  const { advance } = objectOf(request)
  if (typeof advance === 'number' && Number.isFinite(advance)) return advance
  throw new DevServerError('control-invalid', '`advance` is not a number of milliseconds.')
}

function objectOf({ body }: Request): Readonly<Record<string, unknown>> {
  try {
    const given: unknown = JSON.parse(body.toString())
    if (typeof given === 'object' && given !== null) return given as Record<string, unknown>
  } catch (error) {
    throw new DevServerError('control-invalid', 'The body is not JSON.', error)
  }
  throw new DevServerError('control-invalid', 'The body is not a JSON object.')
}

const reply = (status: number, body: unknown): Reply => ({
  status,
  headers: { 'Content-Type': 'application/json; charset=utf-8' },
  body: JSON.stringify(body),
})
