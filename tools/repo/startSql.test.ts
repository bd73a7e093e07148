import { createClient, type SupabaseClient } from '@supabase/supabase-js'
import { startDevServer, type DevServer } from '@tidemark/dev-server'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readPage } from './docExamples.ts'

const [, sql = ''] = /```sql\n([^]*?)```/.exec(readPage('docs/guide/start.md')) ?? []
const folder = mkdtempSync(path.join(tmpdir(), 'tidemark-start-'))
let server: DevServer
let ada: SupabaseClient
let ben: SupabaseClient

async function signUp(name: string): Promise<SupabaseClient> {
  const client = createClient(server.url, server.anonKey, {
    auth: { persistSession: false, autoRefreshToken: false },
  })
  const { error } = await client.auth.signUp({ email: `${name}@example.com`, password: 'long enough' })
  if (error) throw error
  return client
}

beforeAll(async () => {
  writeFileSync(path.join(folder, '20260101000000_notes.sql'), sql)
  server = await startDevServer({ port: 0, database: 'temporary', migrations: [folder] })
  ada = await signUp('ada')
  ben = await signUp('ben')
})
afterAll(async () => {
  await server.stop()
  rmSync(folder, { recursive: true, force: true })
})

describe('the SQL of Getting started makes tables that', () => {
  test('belong to the user who writes them, and to nobody else', async () => {
    const { data: made } = await ada.from('notes').insert({ text: 'Bread' }).select()
    expect(made).toMatchObject([{ text: 'Bread', user_id: (await ada.auth.getUser()).data.user?.id }])
    expect((await ada.from('notes').select()).data).toHaveLength(1)
    expect((await ben.from('notes').select()).data).toEqual([])
  })

  test('have a time that moves with each write, whatever the writer says', async () => {
    const { data: made } = await ada.from('folders').insert({ name: 'Home' }).select().single()
    const { data: moved } = await ada
      .from('folders')
      .update({ name: 'Work', updated_at: '2000-01-01T00:00:00Z' })
      .eq('id', made.id)
      .select()
      .single()
    expect(Date.parse(moved.updated_at)).toBeGreaterThanOrEqual(Date.parse(made.updated_at))
  })

  test('tell of their changes', async () => {
    const told = await server.sql<{ tablename: string }>(
      "select tablename from pg_publication_tables where pubname = 'supabase_realtime' order by tablename",
    )
    expect(told.map(({ tablename }) => tablename)).toEqual(['folders', 'notes'])
  })
})
