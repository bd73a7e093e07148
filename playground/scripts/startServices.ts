import type { DevServer } from '@tidemark/dev-server'
import { readConfiguration, startPubsub } from '@tidemark/pubsub'
import { randomBytes } from 'node:crypto'
import { createApi } from '../api/createApi.ts'

/** A program that runs beside the embedded Supabase. */
export interface Service {
  readonly url: string
  stop(): Promise<void>
}

/** Starts the Entity API on the embedded Supabase's database. */
export async function startEntityApi(
  { databaseUrl, jwtSecret }: DevServer,
  port: number,
  log: (message: string) => void,
): Promise<Service> {
  const app = await createApi({
    databaseUrl,
    jwtSecret,
    failed: (error) => log(`Entity API: ${String(error)}`),
  })
  return { url: await app.listen({ port, host: '127.0.0.1' }), stop: () => app.close() }
}

/** Starts the PubSub service on the embedded Supabase's database, signed in as a role that may do no more than it needs. */
export async function startPubsubService(server: DevServer, port: number): Promise<Service> {
  const password = randomBytes(16).toString('hex')
  await server.sql(`alter role tidemark_pubsub login password '${password}'`)
  const database = new URL(server.databaseUrl)
  database.username = 'tidemark_pubsub'
  database.password = password
  const pubsub = await startPubsub(
    readConfiguration({
      DATABASE_URL: database.href,
      JWT_SECRET: server.jwtSecret,
      PUBSUB_PORT: String(port),
      PUBSUB_ORIGINS: '*',
      PUBSUB_DRAIN_SECONDS: '0',
      PUBSUB_LOG_LEVEL: 'error',
    }),
  )
  return { url: `ws://127.0.0.1:${pubsub.port}`, stop: () => pubsub.stop() }
}
