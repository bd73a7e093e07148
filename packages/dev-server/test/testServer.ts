import { createClient, type SupabaseClient } from '@supabase/supabase-js'
import { randomUUID } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import pg from 'pg'
import { type DatabaseOption, type DevServer, type DevServerOptions, startDevServer } from '../src/index.js'
import { createTokens } from '../src/tokens.js'

/** Any shape of rows: these tests are about the server, not about generated types. */
export type Client = SupabaseClient<any>

export interface TestServer extends DevServer {
  /** A client of nobody (`anon`), of the service (`service_role`), or of a user by id. */
  client(who?: 'anon' | 'service' | { user: string }): Promise<Client>
  token(claims: Record<string, unknown>): Promise<string>
}

/**
 * Starts a server with a schema on a database of its own: the embedded PostgreSQL, that of PG_BIN, or
 * a new database on the server DATABASE_URL names.
 */
export async function startTestServer(sql: string, options: DevServerOptions = {}): Promise<TestServer> {
  const directory = await mkdtemp(path.join(tmpdir(), 'tidemark-test-'))
  try {
    await writeFile(path.join(directory, '0001_schema.sql'), sql)
    const { database, drop } = await ownDatabase()
    const started = await startDevServer({ port: 0, migrations: [directory], database, ...options })
    return withClients(started, () => started.stop().then(drop))
  } finally {
    await rm(directory, { recursive: true })
  }
}

interface OwnDatabase {
  readonly database: DatabaseOption
  readonly drop: () => Promise<void>
}

async function ownDatabase(): Promise<OwnDatabase> {
  const server = process.env.DATABASE_URL
  if (server === undefined) return { database: 'temporary', drop: () => Promise.resolve() }
  const name = `tidemark_test_${randomUUID().replaceAll('-', '')}`
  await administrate(server, `create database ${name}`)
  const url = new URL(server)
  url.pathname = `/${name}`
  return {
    database: url.href as 'postgres://',
    drop: () => administrate(server, `drop database ${name} with (force)`),
  }
}

async function administrate(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await client.query(sql)
  await client.end()
}

function withClients(server: DevServer, stop: () => Promise<void>): TestServer {
  const tokens = createTokens(server.jwtSecret, Date.now)
  const token = (claims: Record<string, unknown>) =>
    tokens.sign({ role: 'authenticated', exp: Math.floor(Date.now() / 1000) + 3600, ...claims })
  return {
    ...server,
    stop,
    token,
    client: async (who = 'anon') => {
      if (who === 'service') return clientOf(server, server.serviceRoleKey)
      return clientOf(server, server.anonKey, who === 'anon' ? undefined : await token({ sub: who.user }))
    },
  }
}

function clientOf(server: DevServer, key: string, token?: string): Client {
  const headers = token === undefined ? {} : { Authorization: `Bearer ${token}` }
  return createClient(server.url, key, {
    auth: { persistSession: false, autoRefreshToken: false },
    global: { headers },
  })
}
