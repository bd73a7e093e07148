import { randomUUID } from 'node:crypto'
import { createVerify } from './auth.js'
import type { Configuration } from './configuration.js'
import type { Connection } from './connection/connection.js'
import { ConnectionManager } from './connection/connectionManager.js'
import { openPool, requireRoles } from './db.js'
import { Delivery } from './delivery/delivery.js'
import type { Position } from './delivery/logWatcher.js'
import { resume } from './delivery/resume.js'
import { Upkeep } from './delivery/upkeep.js'
import { drain } from './drain.js'
import { createAnswer, type Health } from './http.js'
import { createLog, type Logger } from './log.js'
import { createMetrics } from './metrics.js'
import { listen } from './server.js'
import { createAuthorise } from './subscriptions/authorise.js'
import { Registry } from './subscriptions/registry.js'
import { SubscriptionManager } from './subscriptions/subscriptionManager.js'

/** A running service. */
export interface Pubsub {
  /** Where it listens. */
  readonly port: number
  readonly health: () => Health
  /** Takes no more connections, sends all clients elsewhere, and ends when they have gone or the time for it is over. */
  stop(): Promise<void>
}

export interface PubsubOptions {
  /** Left out: JSON lines to standard output. */
  readonly log?: Logger
  /** Milliseconds since the epoch; decides when tokens expire. */
  readonly clock?: () => number
}

/**
 * Starts the service.
 * @throws PubsubError with the code that says why it cannot start
 * @example
 * const pubsub = await startPubsub(readConfiguration(process.env))
 */
export async function startPubsub(
  configuration: Configuration,
  options: PubsubOptions = {},
): Promise<Pubsub> {
  const { log = createLog(configuration.PUBSUB_LOG_LEVEL), clock = Date.now } = options
  const parts = assemble(configuration, log, clock)
  const { pool, registry, delivery, upkeep, manager, state } = parts
  const health = healthOf(parts)
  const end = async () => {
    manager.stop()
    await delivery.stop()
    await upkeep.stop()
    await pool.end()
  }
  try {
    await delivery.start()
    await requireRoles(pool, configuration.PUBSUB_ROLES)
    await upkeep.start()
    const listening = await listen(serverOptions(configuration, parts, health))
    log.info({ port: listening.port }, 'the service listens')
    const stop = async () => {
      state.draining = true
      log.info({ connections: manager.connections.size }, 'the service drains')
      const closed = listening.close()
      await drain(manager.connections, configuration.PUBSUB_DRAIN_SECONDS)
      await closed
      await registry.clear().catch(() => undefined) // Without a database, the sweep of another instance does it.
      await end()
    }
    return { port: listening.port, health, stop: () => (state.stopping ??= stop()) }
  } catch (error) {
    await end()
    throw error
  }
}

interface State {
  draining: boolean
  stopping?: Promise<void>
}

type Parts = ReturnType<typeof assemble>

function assemble(configuration: Configuration, log: Logger, clock: () => number) {
  const state: State = { draining: false }
  const instance = randomUUID()
  const pool = openPool({
    url: configuration.DATABASE_URL,
    connections: configuration.PUBSUB_DATABASE_POOL,
    log,
  })
  const registry = new Registry(pool, instance, log)
  const authorise = createAuthorise(pool, configuration.PUBSUB_AUTHORIZE)
  const subscriptions = new SubscriptionManager<Connection>(authorise, registry)
  const connections = new Set<Connection>()
  const metrics = createMetrics({
    connections: () => connections.size,
    users: () => manager.users,
    subscriptions: () => subscriptions.index.size,
    waiting: () => manager.waiting,
    watching: () => delivery.watching,
  })
  const delivery = new Delivery({ configuration, log, metrics, index: subscriptions.index, connections })
  const upkeep = new Upkeep({
    pool,
    instance,
    log,
    position: () => delivery.position.seq,
    sweepEvery: configuration.PUBSUB_POLL_SECONDS * 1_000,
    retentionHours: configuration.PUBSUB_RETENTION_HOURS,
    forgotten: () => subscriptions.restore(),
  })
  const desk = {
    verify: createVerify(configuration, clock),
    subscriptions,
    position: () => delivery.position,
    resume: (connection: Connection, from: Position) => resume(pool, subscriptions.index, connection, from),
    maxSubscriptions: configuration.PUBSUB_MAX_SUBSCRIPTIONS,
    log,
  }
  const manager = new ConnectionManager({ connections, desk, clock, configuration, metrics })
  return { pool, registry, delivery, upkeep, manager, metrics, state }
}

function healthOf({ state, delivery, manager }: Parts): () => Health {
  const startedAt = Date.now()
  return () => ({
    status: state.draining ? 'draining' : delivery.watching ? 'ok' : 'degraded',
    uptime: Math.floor((Date.now() - startedAt) / 1_000),
    connections: manager.connections.size,
    users: manager.users,
    logWatcherRunning: delivery.watching,
  })
}

function serverOptions(
  configuration: Configuration,
  { manager, metrics, state }: Parts,
  health: () => Health,
) {
  return {
    host: configuration.PUBSUB_HOST,
    port: configuration.PUBSUB_PORT,
    origins: configuration.PUBSUB_ORIGINS,
    tokenInUrl: configuration.PUBSUB_TOKEN_IN_URL,
    room: (withToken: boolean) => !state.draining && manager.hasRoom(withToken),
    accept: manager.accept.bind(manager),
    answer: createAnswer({ health, metrics, metricsToken: configuration.PUBSUB_METRICS_TOKEN }),
  }
}
