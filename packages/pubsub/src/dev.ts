import { startDevServer } from '@tidemark/dev-server'
import { randomBytes } from 'node:crypto'
import { SignJWT } from 'jose'
import { readConfiguration } from './configuration.js'
import { demoDirectory, sqlDirectory } from './files.js'
import { startPubsub, type PubsubOptions } from './service.js'

/** The service with a database of its own, for trying it out. */
export interface DevPubsub {
  /** What a client connects to. */
  readonly url: string
  /** The embedded Supabase beneath it. */
  readonly apiUrl: string
  readonly databaseUrl: string
  /** A token of the demo user, good for an hour. */
  readonly token: string
  stop(): Promise<void>
}

/** The owner of the demo's projects. */
const demoUser = '11111111-1111-4111-8111-111111111111'

/**
 * Starts an embedded PostgreSQL with the migration and demo entities, and the service on it. All of it is gone when it stops.
 * @param variables of the environment; what they leave out is as development wants it
 * @throws PubsubError, DevServerError with the code that says why it cannot start
 */
export async function startDevPubsub(
  variables: Readonly<Record<string, string | undefined>>,
  options: PubsubOptions = {},
): Promise<DevPubsub> {
  const server = await startDevServer({ port: 0, migrations: [sqlDirectory, demoDirectory] })
  try {
    const password = randomBytes(16).toString('hex')
    await server.sql(`alter role tidemark_pubsub login password '${password}'`)
    await server.sql(`insert into app.project (owner_id, name) values ($1, 'Harbour'), ($1, 'Lighthouse')`, [
      demoUser,
    ])
    const database = new URL(server.databaseUrl)
    database.username = 'tidemark_pubsub'
    database.password = password
    const given = { PUBSUB_ORIGINS: '*', PUBSUB_DRAIN_SECONDS: '0', ...variables }
    const configuration = readConfiguration({
      ...given,
      DATABASE_URL: database.href,
      JWT_SECRET: server.jwtSecret,
    })
    const pubsub = await startPubsub(configuration, options)
    return {
      url: `ws://${configuration.PUBSUB_HOST}:${pubsub.port}`,
      apiUrl: server.url,
      databaseUrl: server.databaseUrl,
      token: await demoToken(server.jwtSecret),
      stop: () => pubsub.stop().then(() => server.stop()),
    }
  } catch (error) {
    await server.stop()
    throw error
  }
}

const demoToken = (secret: string): Promise<string> =>
  new SignJWT({ sub: demoUser, role: 'authenticated', aud: 'authenticated' })
    .setProtectedHeader({ alg: 'HS256' })
    .setExpirationTime('1h')
    .sign(new TextEncoder().encode(secret))
