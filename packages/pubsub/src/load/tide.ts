import type { ServerMessage } from '@tidemark/core/pubsub'
import { startDevServer, type DevServer } from '@tidemark/dev-server'
import { randomBytes, randomUUID } from 'node:crypto'
import { SignJWT } from 'jose'
import { demoDirectory, sqlDirectory } from '../files.js'
import { startChild, type Child } from './children.js'
import { openClient, tidemark, type LoadClient } from './client.js'

/** The service on an embedded PostgreSQL, with entities that everybody may see. */
export interface Tide {
  readonly database: DevServer
  readonly service: Child
  readonly entities: readonly string[]
  /** Opens a socket of a new user. */
  open(): Promise<LoadClient>
  stop(): Promise<void>
}

export async function startTide(entityCount: number): Promise<Tide> {
  const database = await startDevServer({ port: 0, migrations: [sqlDirectory, demoDirectory] })
  const password = randomBytes(16).toString('hex')
  await database.sql(`alter role tidemark_pubsub login password '${password}'`)
  const entities = Array.from({ length: entityCount }, () => randomUUID())
  await database.sql(
    `insert into app.employee (id, name, email) select id, 'e', id::text from unnest($1::uuid[]) as id`,
    [entities],
  )
  const url = new URL(database.databaseUrl)
  url.username = 'tidemark_pubsub'
  url.password = password
  const service = await startChild('serviceChild', {
    DATABASE_URL: url.href,
    JWT_SECRET: database.jwtSecret,
    PUBSUB_PORT: '0',
    PUBSUB_LOG_LEVEL: 'warn',
    PUBSUB_MESSAGES_PER_SECOND: '1000',
  })
  const key = new TextEncoder().encode(database.jwtSecret)
  const sign = () =>
    new SignJWT({ sub: randomUUID(), role: 'authenticated', aud: 'authenticated' })
      .setProtectedHeader({ alg: 'HS256' })
      .setExpirationTime('2h')
      .sign(key)
  return {
    database,
    service,
    entities,
    open: async () => openClient(service.url, tidemark(await sign())),
    stop: () => service.stop().then(() => database.stop()),
  }
}

/** Subscribes and resolves when the service says that it is so, with how long it took in ms. */
export function subscribe({ socket }: LoadClient, entityIds: readonly string[]): Promise<number> {
  const begun = performance.now()
  return new Promise((resolve, reject) => {
    const hear = (data: Buffer) => {
      const message = JSON.parse(data.toString()) as ServerMessage
      if (message.type === 'ERROR') reject(new Error(message.payload.message))
      if (message.type !== 'SUBSCRIBED') return
      socket.off('message', hear)
      resolve(performance.now() - begun)
    }
    socket.on('message', hear)
    socket.send(JSON.stringify({ type: 'SUBSCRIBE', payload: { entityCode: 'employee', entityIds } }))
  })
}

/** Any of them, none twice. */
export function someOf(entities: readonly string[], count: number): string[] {
  const chosen = new Set<string>()
  while (chosen.size < count) {
    const entity = entities[Math.floor(Math.random() * entities.length)]
    if (entity !== undefined) chosen.add(entity)
  }
  return [...chosen]
}
