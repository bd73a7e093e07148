import { createClient } from '@supabase/supabase-js'
import { QueryClient, QueryObserver, type QueryKey } from '@tanstack/query-core'
import { startDevServer, type DevServer } from '@tidemark/dev-server'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { until } from '../../test/world.js'
import { supabaseFeed } from '../feeds/supabaseFeed.js'
import { retryQuery } from './failures.js'
import { createInvalidation } from './invalidation.js'
import { keyDoc, keyList, keyListHeads } from './keys.js'

const sql = `
create table work_orders (
  id int primary key, factory_id text not null, title text not null, version int not null default 1
);
alter table work_orders replica identity full;
alter publication supabase_realtime add table work_orders;
`
const types = { wo: { table: 'work_orders', factoryId: 'factory_id' } }
let server: DevServer

beforeAll(async () => {
  server = await startDevServer({ port: 0, database: 'temporary' })
  await server.sql(sql)
})
afterAll(() => server.stop())

/** Waits until nothing has been fetched for longer than a window. */
async function quiet(fetches: () => readonly number[]): Promise<void> {
  for (let before = ''; before !== String(fetches());) {
    before = String(fetches())
    await new Promise((resolve) => setTimeout(resolve, 500))
  }
}

/** A page of a scope of its own with a document and two pages of a list. */
async function makePage(factoryId: string, id: number) {
  await server.sql(`insert into work_orders values (${id}, '${factoryId}', 'Saw')`)
  const supabase = createClient(server.url, server.anonKey, { auth: { persistSession: false } })
  const client = new QueryClient({ defaultOptions: { queries: { retry: retryQuery, staleTime: Infinity } } })
  const feed = supabaseFeed(supabase, { types })
  const invalidation = createInvalidation({ client, feed, scope: factoryId, window: 250 })
  onTestFinished(async () => {
    invalidation.stop()
    feed.close()
    client.clear()
    await supabase.removeAllChannels()
  })
  const show = (queryKey: QueryKey, ask: () => PromiseLike<{ data: unknown; error: unknown }>) => {
    const shown = { fetches: 0, data: undefined as unknown }
    const queryFn = async () => {
      shown.fetches += 1
      const { data, error } = await ask()
      if (error) throw error
      return data
    }
    const observer = new QueryObserver(client, { queryKey, queryFn })
    onTestFinished(observer.subscribe(({ data }) => (shown.data = data)))
    return shown
  }
  const table = supabase.from('work_orders')
  const rows = (page: number) => () =>
    table
      .select()
      .eq('factory_id', factoryId)
      .order('id')
      .range((page - 1) * 2, page * 2 - 1)
  const doc = show(keyDoc('wo', `${id}`), () => table.select().eq('id', id).single())
  const heads = show(keyListHeads('wo', factoryId), rows(1))
  const second = show(keyList('wo', factoryId, 2), rows(2))
  let heard = 0
  feed.missed$.subscribe(() => (heard += 1))
  const leave = invalidation.view([
    { kind: 'doc', type: 'wo', id: `${id}` },
    { kind: 'list', type: 'wo' },
  ])
  await until('both channels are heard', () => heard >= 2)
  const fetches = () => [doc, heads, second].map((query) => query.fetches)
  // What was fetched before they were is fetched once more; a change of just before may be told now, too.
  await until('the page is fetched again', () => doc.fetches >= 2 && heads.fetches >= 2)
  await quiet(fetches)
  return {
    client,
    invalidation,
    doc,
    heads,
    second,
    leave,
    fetches,
  }
}

test('an update shows without a fetch where the server tells the values; a create fetches the first page alone', async () => {
  const { doc, heads, fetches } = await makePage('f1', 1)
  const before = fetches()
  await server.sql(`update work_orders set title = 'Hammer', version = 2 where id = 1`)
  await until('the update shows', () => (doc.data as any).title === 'Hammer')
  expect(fetches()).toEqual(before)
  await server.sql(`insert into work_orders select n, 'f1', 'Nail' from generate_series(2, 200) n`)
  await until('the list shows the new one', () => (heads.data as any[]).length === 2)
  expect(fetches().map((count, index) => count - (before[index] ?? 0))).toEqual([0, expect.any(Number), 0])
})

test('what is deleted is gone from the page', async () => {
  const { doc, heads, client } = await makePage('f2', 1_001)
  await server.sql('delete from work_orders where id = 1001')
  await until('it is gone', () => doc.data === undefined && (heads.data as any[]).length === 0)
  await until('the server said so', () => client.getQueryState(keyDoc('wo', '1001'))?.status === 'error')
})

test('after a lost connection what is shown is fetched once, and what changed meanwhile shows', async () => {
  const { doc, fetches, client } = await makePage('f3', 2_001)
  const before = fetches()
  server.faults.set({ rejectRealtime: true })
  server.faults.dropSockets()
  await server.sql(`update work_orders set title = 'Missed', version = 2 where id = 2001`)
  server.faults.clear()
  await until(
    'the missed change shows',
    () => (doc.data as any).title === 'Missed' && client.isFetching() === 0,
  )
  await quiet(fetches)
  expect(fetches().map((count, index) => count - (before[index] ?? 0))).toEqual([1, 1, 1])
})

test('nothing is handled after the page was left', async () => {
  const { doc, leave, fetches } = await makePage('f4', 3_001)
  const before = fetches()
  leave()
  await server.sql(`update work_orders set title = 'Unseen', version = 2 where id = 3001`)
  await new Promise((resolve) => setTimeout(resolve, 700))
  expect((doc.data as any).title).toBe('Saw')
  expect(fetches()).toEqual(before)
})
