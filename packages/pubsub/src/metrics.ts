import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client'

/** What is there when somebody asks. */
export interface Gauges {
  readonly connections: () => number
  readonly users: () => number
  readonly subscriptions: () => number
  /** Changes that wait for sockets that read slowly. */
  readonly waiting: () => number
  readonly watching: () => boolean
}

/** What the service counts, for Prometheus. */
export interface Metrics {
  received(type: string): void
  closed(code: number): void
  queried(): void
  /** @param seconds how long telling them took */
  delivered(changes: number, receivers: number, seconds: number): void
  /** The text of `/metrics`, and its content type. */
  text(): Promise<string>
  readonly contentType: string
}

export function createMetrics(gauges: Gauges): Metrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  makeGauges(registry, gauges)
  const counter = (name: string, help: string, labelNames: string[] = []) =>
    new Counter({ name: `tidemark_pubsub_${name}`, help, labelNames, registers: [registry] })
  const messages = counter('messages_total', 'Messages received, by type.', ['type'])
  const closes = counter(
    'closes_total',
    'Sockets closed, by the code they were closed with here; 0 where the other end went.',
    ['code'],
  )
  const queries = counter('log_queries_total', 'Queries for news of the log.')
  const changes = counter('changes_total', 'Changes read, one of each entity in a batch.')
  const told = counter('deliveries_total', 'Connections that were told of a batch.')
  const duration = new Histogram({
    name: 'tidemark_pubsub_delivery_seconds',
    help: 'Time to tell all connections of a batch.',
    buckets: [0.001, 0.005, 0.02, 0.1, 0.5, 2],
    registers: [registry],
  })
  return {
    received: (type) => messages.inc({ type }),
    closed: (code) => closes.inc({ code: String(code) }),
    queried: () => queries.inc(),
    delivered: (count, receivers, seconds) => {
      changes.inc(count)
      told.inc(receivers)
      duration.observe(seconds)
    },
    text: () => registry.metrics(),
    contentType: registry.contentType,
  }
}

function makeGauges(registry: Registry, gauges: Gauges): void {
  const gauge = (name: string, help: string, value: () => number) =>
    new Gauge({
      name: `tidemark_pubsub_${name}`,
      help,
      registers: [registry],
      collect() {
        this.set(value())
      },
    })
  gauge('connections', 'Sockets that are open.', gauges.connections)
  gauge('users', 'Users who have a socket.', gauges.users)
  gauge('subscriptions', 'Pairs of socket and entity.', gauges.subscriptions)
  gauge('waiting', 'Changes that wait for sockets that read slowly.', gauges.waiting)
  gauge('log_watcher_running', 'Whether the log is watched.', () => Number(gauges.watching()))
}
