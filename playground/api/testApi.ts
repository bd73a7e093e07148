import { createClient, type SupabaseClient } from '@supabase/supabase-js'
import { startDevServer, type DevServer } from '@tidemark/dev-server'
import type { FastifyInstance } from 'fastify'
import { join } from 'node:path'
import { createApi } from './createApi.ts'

export type Role = 'viewer' | 'editor' | 'admin'

export interface ApiUser {
  readonly id: string
  readonly token: string
  readonly supabase: SupabaseClient
}

export interface TestApi {
  readonly server: DevServer
  readonly app: FastifyInstance
  /** What nobody foresaw. */
  readonly failures: unknown[]
  /** Signs somebody up, and gives them a role; left out: none. */
  user(role?: Role): Promise<ApiUser>
  /** Adds a project past all policies, and resolves with its id. */
  project(
    owner: ApiUser,
    name: string,
    more?: { readonly stage?: string; readonly sharedWith?: readonly string[] },
  ): Promise<string>
  stop(): Promise<void>
}

/** The Entity API on a database of its own, with the users of an embedded Supabase. */
export async function startTestApi(): Promise<TestApi> {
  const server = await startDevServer({
    port: 0,
    database: 'temporary',
    migrations: [join(import.meta.dirname, 'migrations')],
  })
  const failures: unknown[] = []
  const { databaseUrl, jwtSecret } = server
  const app = await createApi({ databaseUrl, jwtSecret, failed: (error) => failures.push(error) })
  return {
    server,
    app,
    failures,
    user: (role) => signUp(server, role),
    project: async (owner, name, { stage = 'planned', sharedWith = [] } = {}) => {
      const [row] = await server.sql<{ id: string }>(
        'insert into app.project (owner_id, name, stage, shared_with) values ($1, $2, $3, $4) returning id',
        [owner.id, name, stage, sharedWith],
      )
      return row?.id ?? ''
    },
    stop: async () => {
      await app.close()
      await server.stop()
    },
  }
}

async function signUp(server: DevServer, role?: Role): Promise<ApiUser> {
  const supabase = createClient(server.url, server.anonKey, {
    auth: { persistSession: false, autoRefreshToken: false },
  })
  const email = `${crypto.randomUUID()}@example.com`
  const { data, error } = await supabase.auth.signUp({ email, password: 'tidemark-test' })
  const { user, session } = data
  if (error || !user || !session) throw error ?? new Error('Nobody was signed up.')
  if (role)
    await server.sql('insert into app.employee (user_id, name, email, role) values ($1, $2, $3, $4)', [
      user.id,
      role,
      email,
      role,
    ])
  return { id: user.id, token: session.access_token, supabase }
}
