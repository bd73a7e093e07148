import { createClient, type SupabaseClient } from '@supabase/supabase-js'
import type { TestDatabase } from '../database.js'
import { tables } from '../world.js'
import { startDevice, type Device } from './device.js'

const account = (name: string) => ({ email: `${name}@example.com`, password: 'long enough' })

const connect = ({ server }: TestDatabase): SupabaseClient =>
  createClient(server.url, server.anonKey, { auth: { autoRefreshToken: false } })

/** Signs a person up; resolves with the user's id. */
export async function signUp(database: TestDatabase, name: string): Promise<string> {
  const { data, error } = await connect(database).auth.signUp(account(name))
  if (error) throw error
  return data.user?.id ?? ''
}

/** A device of a person who has signed up. */
export async function openDevice(database: TestDatabase, name: string): Promise<Device> {
  const client = connect(database)
  const { data, error } = await client.auth.signInWithPassword(account(name))
  if (error) throw error
  return startDevice(client, data.user.id)
}

/** What a user may see under RLS, and owns where there is an owner: PostgREST's own answer, page by page. */
export async function seen(
  database: TestDatabase,
  user: string,
  table: keyof typeof tables,
): Promise<Record<string, unknown>[]> {
  const { owner, key } = tables[table]
  const rows: Record<string, unknown>[] = []
  for (;;) {
    let query = database.client(user).from(table).select()
    if (owner !== undefined) query = query.eq(owner, user)
    for (const column of key) query = query.order(column)
    const { data, error } = await query.range(rows.length, rows.length + 999)
    if (error) throw error
    rows.push(...(data as Record<string, unknown>[]))
    if (data.length < 1_000) return rows
  }
}
