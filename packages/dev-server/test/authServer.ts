import { createClient, type SupabaseClient } from '@supabase/supabase-js'
import type { DevServerOptions } from '../src/index.js'
import { startTestServer, type TestServer } from './testServer.js'

export const password = 'secret-secret'

/** A server for tests of sessions. */
export interface AuthServer extends TestServer {
  /** A new client without a session. */
  fresh(): SupabaseClient
  /** A client whose user has just signed up, as `name@example.com`. */
  signedUp(name: string): Promise<SignedUp>
  /** Trades a refresh token, in a client of its own. */
  refresh(token: string): ReturnType<SupabaseClient['auth']['refreshSession']>
  admin(): Promise<SupabaseClient['auth']['admin']>
}

export interface SignedUp {
  readonly supabase: SupabaseClient
  readonly email: string
  readonly session: NonNullable<Awaited<ReturnType<SupabaseClient['auth']['signUp']>>['data']['session']>
  readonly user: NonNullable<Awaited<ReturnType<SupabaseClient['auth']['signUp']>>['data']['user']>
}

export async function startAuthServer(sql = 'select 1', options: DevServerOptions = {}): Promise<AuthServer> {
  const server = await startTestServer(sql, options)
  const fresh = (): SupabaseClient =>
    createClient(server.url, server.anonKey, { auth: { persistSession: false, autoRefreshToken: false } })
  return {
    ...server,
    fresh,
    refresh: (token) => fresh().auth.refreshSession({ refresh_token: token }),
    admin: () => server.client('service').then(({ auth }) => auth.admin),
    signedUp: async (name) => {
      const supabase = fresh()
      const email = `${name}@example.com`
      const { data, error } = await supabase.auth.signUp({ email, password })
      if (error || !data.session || !data.user) throw error ?? new Error('no session')
      return { supabase, email, session: data.session, user: data.user }
    },
  }
}
