import { z } from 'zod'
import { PubsubError } from './errors.js'

const words = (text: string) =>
  text
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '')
const list = (fallback: string) => z.string().default(fallback).transform(words)
const count = (fallback: number, least = 1) => z.coerce.number().int().min(least).default(fallback)
const name = /^[A-Za-z_][A-Za-z0-9_$]*(\.[A-Za-z_][A-Za-z0-9_$]*)?$/

/** Every variable the service reads. The README says the same in a table, and a test compares the two. */
export const environment = z
  .object({
    DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }),
    JWT_SECRET: z.string().min(32).optional(),
    PUBSUB_JWKS_URL: z.url({ protocol: /^https?$/ }).optional(),
    PUBSUB_JWT_AUDIENCE: z.string().min(1).default('authenticated'),
    PUBSUB_JWT_ISSUER: z.string().min(1).optional(),
    PUBSUB_ROLES: list('authenticated'),
    PUBSUB_HOST: z.string().min(1).default('127.0.0.1'),
    PUBSUB_PORT: z.coerce.number().int().min(0).max(65_535).default(4001),
    PUBSUB_ORIGINS: list(''),
    PUBSUB_TOKEN_IN_URL: z.stringbool().default(false),
    PUBSUB_AUTHORIZE: z.string().regex(name, 'must be the name of a function: schema.name').optional(),
    PUBSUB_POLL_SECONDS: count(60),
    PUBSUB_RETENTION_HOURS: count(24),
    PUBSUB_DATABASE_POOL: count(10),
    PUBSUB_MAX_CONNECTIONS: count(20_000),
    PUBSUB_MAX_CONNECTIONS_PER_USER: count(100),
    PUBSUB_MAX_UNAUTHENTICATED: count(1_000),
    PUBSUB_MAX_SUBSCRIPTIONS: count(10_000),
    PUBSUB_MESSAGES_PER_SECOND: count(20),
    PUBSUB_HEARTBEAT_SECONDS: count(30),
    PUBSUB_DRAIN_SECONDS: count(10, 0),
    PUBSUB_NATS_URL: z.url({ protocol: /^(nats|tls)$/ }).optional(),
    PUBSUB_NATS_SUBJECT: z
      .string()
      .regex(/^[\w-]+(\.[\w-]+)*$/)
      .default('tidemark.pubsub'),
    PUBSUB_METRICS_TOKEN: z.string().min(16).optional(),
    PUBSUB_LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  })
  .refine((given) => (given.JWT_SECRET ?? given.PUBSUB_JWKS_URL) !== undefined, {
    path: ['JWT_SECRET'],
    message: 'or PUBSUB_JWKS_URL is required',
  })

export type Configuration = z.output<typeof environment>

/**
 * Reads and checks the environment. A variable that is empty is one that is not set.
 * @throws PubsubError `configuration-invalid` with every variable that is wrong, and never a value
 */
export function readConfiguration(variables: Readonly<Record<string, string | undefined>>): Configuration {
  const set = Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== ''))
  const { success, data, error } = environment.safeParse(set)
  if (success) return data
  const wrong = error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`)
  throw new PubsubError('configuration-invalid', wrong.join('; '))
}
