import { createClient, type SupabaseClient } from '@supabase/supabase-js'
import { startDevServer, type DevServer, type DevServerOptions } from '@tidemark/dev-server'
import type { Tables } from '@tidemark/core'
import { createHmac } from 'node:crypto'
import pg from 'pg'
import { migrationFor } from '../src/index.js'

type Row = Record<string, unknown>

/** A real Supabase with the kit, whose tables belong to an owner who is no superuser. */
export interface TestDatabase {
  readonly server: DevServer
  /** As the owner of the tables. */
  readonly ownerUrl: string
  sql(text: string, values?: unknown[]): Promise<any[]>
  /** A connection of its own as the owner, which ends with the database. */
  connect(): Promise<pg.Client>
  /** Speaks through REST for a user by id, or for nobody. */
  client(user?: string): SupabaseClient<any>
  /** Calls a function through REST; rejects with the error's `code`. */
  call(user: string | undefined, name: string, args: Row): Promise<any>
  stop(): Promise<void>
}

const makeOwner = `
create role tide_owner login createrole bypassrls password 'tide';
grant anon, authenticated, service_role to tide_owner with admin option;
alter schema public owner to tide_owner;
grant usage on schema auth to tide_owner;
alter default privileges for role tide_owner in schema public grant all on tables to anon, authenticated, service_role;
do $$ begin execute format('grant create on database %I to tide_owner', current_database()); end $$;`

/** Starts a database, and runs the app's SQL and then the migration for its tables, both as the owner. */
export async function startDatabase(
  schema: string,
  tables: Tables = {},
  options: DevServerOptions = { port: 0, database: 'temporary' },
): Promise<TestDatabase> {
  const server = await startDevServer(options)
  await server.sql(makeOwner)
  const database = await reachDatabase(server)
  await database.sql(schema)
  await database.sql(migrationFor(tables))
  return database
}

/** Reaches a database that `startDatabase` has made, on a server that was started again. */
export async function reachDatabase(server: DevServer): Promise<TestDatabase> {
  const ownerUrl = server.databaseUrl.replace(/\/\/[^@]*@/, '//tide_owner:tide@')
  const open: pg.Client[] = []
  const connect = async () => {
    const client = new pg.Client({ connectionString: ownerUrl })
    open.push(client)
    // Whoever uses a connection that the server has ended is told so.
    client.on('error', () => undefined)
    await client.connect()
    return client
  }
  const owner = await connect()
  let last: Promise<unknown> = Promise.resolve()
  const sql = (text: string, values: unknown[] = []) => {
    const next = last.then(() => owner.query(text, values)).then(({ rows }) => rows)
    last = next.catch(() => undefined)
    return next
  }
  const client = (user?: string) => clientOf(server, user)
  return {
    server,
    ownerUrl,
    sql,
    connect,
    client,
    call: async (user, name, args) => {
      const { data, error } = await client(user).rpc(name, args)
      if (error) throw Object.assign(new Error(error.message), error)
      return data
    },
    stop: async () => {
      await Promise.all(open.map((one) => one.end()))
      await server.stop()
    },
  }
}

function clientOf(server: DevServer, user?: string): SupabaseClient<any> {
  const token =
    user === undefined ? server.anonKey : sign({ role: 'authenticated', sub: user }, server.jwtSecret)
  return createClient(server.url, server.anonKey, {
    auth: { persistSession: false, autoRefreshToken: false },
    global: { headers: { Authorization: `Bearer ${token}` } },
  })
}

function sign(claims: Row, secret: string): string {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const body = `${part({ alg: 'HS256', typ: 'JWT' })}.${part({ ...claims, exp: Math.floor(Date.now() / 1000) + 3600 })}`
  return `${body}.${createHmac('sha256', secret).update(body).digest('base64url')}`
}

/** The id of a user by number. */
export const user = (number: number): string => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`
