import { timingSafeEqual, createHash } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { Metrics } from './metrics.js'
import type { HttpReply } from './server.js'

/** What `/health` answers. */
export interface Health {
  readonly status: 'ok' | 'degraded' | 'draining'
  /** Seconds since the start. */
  readonly uptime: number
  readonly connections: number
  readonly users: number
  readonly logWatcherRunning: boolean
}

export interface HttpOptions {
  readonly health: () => Health
  readonly metrics: Metrics
  /** What `/metrics` asks for as bearer token; undefined for nothing. */
  readonly metricsToken: string | undefined
}

/** Answers `/health` (503 unless all is well, so that a balancer looks elsewhere) and `/metrics`. */
export function createAnswer({ health, metrics, metricsToken }: HttpOptions) {
  return async (path: string, request: IncomingMessage): Promise<HttpReply | undefined> => {
    if (path === '/health') {
      const now = health()
      return { status: now.status === 'ok' ? 200 : 503, type: 'application/json', body: JSON.stringify(now) }
    }
    if (path !== '/metrics') return undefined
    if (metricsToken !== undefined && !equal(request.headers.authorization ?? '', `Bearer ${metricsToken}`)) {
      return { status: 401, type: 'text/plain', body: 'Unauthorized' }
    }
    return { status: 200, type: metrics.contentType, body: await metrics.text() }
  }
}

/** Compares without telling by its time how much is right. */
function equal(one: string, other: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(one), digest(other))
}
