import { createClient } from '@supabase/supabase-js'
import { startDevServer, type DevServer } from '@tidemark/dev-server'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { until } from '../../test/world.js'
import type { FeedChannel } from './channelName.js'
import type { FeedEvent } from './event.js'
import type { Feed } from './feed.js'
import { supabaseFeed, type SupabaseFeedOptions } from './supabaseFeed.js'

const sql = `
create table orders (id int primary key, factory_id text not null, title text, version int not null default 1);
alter table orders replica identity full;
alter publication supabase_realtime add table orders;
create table secrets (id int primary key, owner uuid not null, title text);
alter table secrets enable row level security;
create policy own on secrets to authenticated using (owner = (select auth.uid()));
alter publication supabase_realtime add table secrets;
`
const types = { wo: { table: 'orders', factoryId: 'factory_id' }, secret: { table: 'secrets' } }
const event: FeedEvent = { type: 'wo', id: '7', factoryId: 'f1', action: 'approve', version: 4 }
let server: DevServer

beforeAll(async () => {
  server = await startDevServer({ port: 0, database: 'temporary' })
  await server.sql(sql)
})
afterAll(() => server.stop())

function connect(options: SupabaseFeedOptions = { types }) {
  const client = createClient(server.url, server.anonKey, { auth: { autoRefreshToken: false } })
  const feed = supabaseFeed(client, options)
  onTestFinished(async () => {
    feed.close()
    await client.removeAllChannels()
  })
  return { client, feed }
}

/** Listens, and waits until the server tells of the channel. */
async function listen(feed: Feed, channel: FeedChannel): Promise<FeedEvent[]> {
  const events: FeedEvent[] = []
  feed.listen(channel).subscribe((told) => events.push(told))
  await until('the channel is open', () => feed.state$.current?.name === 'open')
  await new Promise((resolve) => setTimeout(resolve, 200))
  return events
}

test('an event that is broadcast to a channel is told as it is', async () => {
  const { client, feed } = connect()
  const events = await listen(feed, { kind: 'factory', factoryId: 'f1' })
  await client.channel('factory:f1').httpSend('invalidate', event)
  await until('the event is told', () => events.length > 0)
  expect(events).toEqual([event])
})

test('what broadcast_changes sends is told with the values that changed', async () => {
  const { feed } = connect()
  const events = await listen(feed, { kind: 'list', type: 'wo', factoryId: 'f1' })
  const record = { id: 7, factory_id: 'f1', title: 'Saw', version: 2 }
  const payload = {
    operation: 'UPDATE',
    table: 'orders',
    schema: 'public',
    record,
    old_record: { ...record, title: 'Axe' },
  }
  const { client } = connect()
  await client.channel('list:wo:f1').httpSend('UPDATE', payload)
  await until('the change is told', () => events.length > 0)
  expect(events[0]).toMatchObject({
    id: '7',
    action: 'update',
    patch: { title: 'Saw' },
    changedKeys: ['title'],
  })
})

test('changed keys are computed where the table tells its old rows', async () => {
  const { feed } = connect()
  await server.sql(`insert into orders values (1, 'f1', 'Axe')`)
  const events = await listen(feed, { kind: 'doc', type: 'wo', id: '1', factoryId: 'f1' })
  await server.sql(`update orders set title = 'Saw', version = 2 where id = 1`)
  await until('the update is told', () => events.some(({ action }) => action === 'update'))
  expect(events.find(({ action }) => action === 'update')).toMatchObject({
    id: '1',
    version: 2,
    changedKeys: expect.arrayContaining(['title', 'version']),
    patch: { title: 'Saw', version: 2 },
  })
})

test('a list tells of its own scope, and of no other', async () => {
  const { feed } = connect()
  const events = await listen(feed, { kind: 'list', type: 'wo', factoryId: 'a,b' })
  await server.sql(`insert into orders values (21, 'f3', 'Theirs'), (22, 'a,b', 'Ours')`)
  await until('the create is told', () => events.length > 0)
  expect(events.map(({ id }) => id)).toEqual(['22'])
})

test('an unknown type has no table: its channel tells of what is broadcast', async () => {
  const { client, feed } = connect()
  const events = await listen(feed, { kind: 'doc', type: 'unknown', id: '7', factoryId: 'f1' })
  await client.channel('doc:unknown:7').httpSend('invalidate', { ...event, type: 'unknown' })
  await until('the event is told', () => events.length > 0)
})

test('whoever signs in while a channel is open is told of what he may see', async () => {
  const { client, feed } = connect()
  const events = await listen(feed, { kind: 'list', type: 'secret', factoryId: 'f1' })
  await server.sql(`insert into secrets values (1, gen_random_uuid(), 'Not yours')`)
  let missed = 0
  feed.missed$.subscribe(() => (missed += 1))
  const { data, error } = await client.auth.signUp({ email: 'ada@example.com', password: 'long enough' })
  expect(error).toBeNull()
  await until('the channel is open again', () => missed > 0)
  await server.sql(`insert into secrets values (2, '${data.user?.id ?? ''}', 'Yours')`)
  await until('the create is told', () => events.length > 0)
  expect(events.map(({ id }) => id)).toEqual(['2'])
})
