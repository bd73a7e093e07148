import 'fake-indexeddb/auto'
import { createClient } from '@supabase/supabase-js'
import { Stream } from '@tidemark/core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { TestDatabase } from '../test/database.js'
import { startDevice } from '../test/oracle/device.js'
import { startWorld } from '../test/world.js'

let database: TestDatabase
beforeAll(async () => {
  database = await startWorld()
})
afterAll(() => database.stop())

/** Whether there is a network, until that is told otherwise. */
function network() {
  let online = false
  const watchers = new Set<() => void>()
  const online$ = new Stream<boolean>({
    peek: () => online,
    watch: (changed) => {
      watchers.add(changed)
      return () => watchers.delete(changed)
    },
  })
  const appear = () => {
    online = true
    for (const changed of watchers) changed()
  }
  return { online$, appear }
}

/** A signed-in client that notes the paths of what it asks. */
async function signIn() {
  const asked: string[] = []
  const client = createClient(database.server.url, database.server.anonKey, {
    auth: { autoRefreshToken: false },
    global: {
      fetch: (input, init) => {
        asked.push(new URL(input instanceof Request ? input.url : input).pathname)
        return fetch(input, init)
      },
    },
  })
  const { data, error } = await client.auth.signUp({ email: 'ada@example.com', password: 'long enough' })
  if (error) throw error
  return { client, user: data.user?.id ?? '', asked }
}

test('R5: 1,000 mutations made offline, one after the other, reach the server in at most 10 requests', async () => {
  const { client, user, asked } = await signIn()
  const { online$, appear } = network()
  const { tide, stop } = await startDevice(client, user, { online$ })
  const { notes } = tide.tables
  for (let index = 0; index < 1_000; index += 1)
    await notes.insert({ title: `note ${index}`, n: 0, at: index, parent: null })
  expect(asked.filter((path) => path.includes('/rest/'))).toEqual([])
  appear()
  await expect.poll(() => tide.outbox.pending$.current?.length, { timeout: 20_000 }).toBe(0)
  const pushes = asked.filter((path) => path.endsWith('/tidemark_push'))
  expect(pushes.length).toBeGreaterThan(0)
  expect(pushes.length).toBeLessThanOrEqual(10)
  expect(await database.sql('select count(*)::int, count(distinct title)::int as titles from notes')).toEqual(
    [{ count: 1_000, titles: 1_000 }],
  )
  await stop()
}, 60_000)
