import { pino, type DestinationStream, type Logger } from 'pino'

export type { Logger }

const hidden = ['token', 'password', 'authorization', 'secret', 'url', 'connectionString']

/**
 * Structured logs, one JSON object a line. What could hold a secret is cut out, however deep the mistake lies.
 * @param destination left out: standard output
 */
export function createLog(level: string, destination?: DestinationStream): Logger {
  const paths = hidden.flatMap((key) => [key, `*.${key}`, `*.*.${key}`])
  const options = { level, base: { service: 'tidemark-pubsub' }, redact: { paths, censor: '[hidden]' } }
  return destination === undefined ? pino(options) : pino(options, destination)
}
