import { afterAll, afterEach, beforeAll, expect, onTestFinished, test } from 'vitest'
import { startPubsubServer, type PubsubServer } from '../../test/pubsubServer.js'
import { until } from '../../test/world.js'
import { browserPorts } from '../base/browserPorts.js'
import type { FeedChannel } from './channelName.js'
import type { FeedEvent } from './event.js'
import { pubsubFeed } from './pubsubFeed.js'

let server: PubsubServer
beforeAll(async () => void (server = await startPubsubServer()))
afterEach(() => {
  Object.assign(server.state, { epoch: 'one', slow: false, denied: [] })
  server.received.length = 0
})
afterAll(() => server.stop())

const docOf = (id: string, factoryId = 'f1') => ({ kind: 'doc', type: 'project', id, factoryId }) as const
const list: FeedChannel = { kind: 'list', type: 'project', factoryId: 'f1' }

function open() {
  const feed = pubsubFeed({
    url: server.url,
    token: () => 'token',
    ports: { ...browserPorts, random: () => 0 },
  })
  onTestFinished(() => feed.close())
  const missed: (FeedChannel | undefined)[] = []
  const problems: unknown[] = []
  feed.missed$.subscribe((channel) => missed.push(channel))
  feed.problem$.subscribe((problem) => problems.push(problem))
  const listen = (channel: FeedChannel) => {
    const events: FeedEvent[] = []
    const subscription = feed.listen(channel).subscribe((event) => events.push(event))
    return { events, subscription }
  }
  return { feed, listen, missed, problems }
}
const received = (type: string) => server.received.filter((message) => message.type === type)

test('what a page asks for at once is one message for each type; a thousand ids are the most in one', async () => {
  const { listen, missed } = open()
  const ids = Array.from({ length: 1_200 }, () => crypto.randomUUID())
  for (const id of ids) listen(docOf(id))
  listen(list)
  listen({ kind: 'factory', factoryId: 'f1' })
  await until('all are heard', () => missed.length === 1_201)
  expect(received('SUBSCRIBE')).toHaveLength(2)
})

test('leaving tells the server; a list that another scope still shows is kept', async () => {
  const { listen, missed } = open()
  const id = crypto.randomUUID()
  const doc = listen(docOf(id))
  const first = listen(list)
  const other = listen({ ...list, factoryId: 'f2' })
  await until('all are heard', () => missed.length === 3)
  doc.subscription.unsubscribe()
  first.subscription.unsubscribe()
  await until('it is told', () => received('UNSUBSCRIBE').length === 1)
  expect(received('UNSUBSCRIBE')[0]).toEqual({
    type: 'UNSUBSCRIBE',
    payload: { entityCode: 'project', entityIds: [id] },
  })
  server.change('project', { entityId: crypto.randomUUID(), action: 'CREATE' })
  await until('the list still hears', () => other.events.length > 0)
  expect(other.events[0]).toMatchObject({ id: '*', factoryId: 'f2', action: 'create' })
  expect(first.events).toEqual([])
})

test('after a reconnect what was missed is sent, and nothing is said to be missed', async () => {
  const { feed, listen, missed } = open()
  const id = crypto.randomUUID()
  const { events } = listen(docOf(id))
  await until('it is heard', () => missed.length === 1)
  server.cut()
  server.change('project', { entityId: id, action: 'UPDATE', version: 7 })
  await until('it is told', () => events.length === 1)
  expect(events[0]).toMatchObject({ id, action: 'update', version: 7 })
  expect(feed.state$.current?.name).toBe('open')
  expect(missed).toHaveLength(1)
})

test('what was missed is asked for again when a second cut comes before it was sent, whatever was heard meanwhile', async () => {
  const { listen, missed } = open()
  const ids = [crypto.randomUUID(), crypto.randomUUID()] as const
  const docs = ids.map((id) => listen(docOf(id)))
  await until('both are heard', () => missed.length === 2)
  server.state.slow = true
  server.cut()
  server.change('project', { entityId: ids[0], action: 'UPDATE' })
  await until('it was asked for', () => received('RESUME').length === 1)
  server.change('project', { entityId: ids[1], action: 'UPDATE' })
  await until('the second is told', () => docs[1]?.events.length === 1)
  server.state.slow = false
  server.cut()
  await until('the first is told', () => docs[0]?.events.length === 1)
})

test('a service that cannot tell what was missed has everything fetched', async () => {
  const { listen, missed } = open()
  listen(docOf(crypto.randomUUID()))
  await until('it is heard', () => missed.length === 1)
  server.state.epoch = 'two'
  server.cut()
  await until('all may be missed', () => missed.length === 2)
  expect(missed[1]).toBeUndefined()
})

test('ids in capitals are heard, and told as the listener writes them', async () => {
  const { listen, missed } = open()
  const id = crypto.randomUUID()
  const { events } = listen(docOf(id.toUpperCase()))
  await until('it is heard', () => missed.length === 1)
  server.change('project', { entityId: id, action: 'DELETE' })
  await until('it is told', () => events.length === 1)
  expect(events[0]).toMatchObject({ id: id.toUpperCase(), action: 'delete' })
})

test('an id that is no UUID, and what the user may not hear of, are problems, and harm nothing else', async () => {
  const { listen, missed, problems } = open()
  const [denied, granted] = [crypto.randomUUID(), crypto.randomUUID()]
  server.state.denied = [denied]
  for (const id of ['no uuid', denied]) listen(docOf(id))
  const { events } = listen(docOf(granted))
  await until('it is heard', () => missed.length === 2)
  expect(problems).toHaveLength(2)
  server.change('project', { entityId: granted, action: 'UPDATE' })
  await until('it is told', () => events.length === 1)
})

test('what the user may see no longer is to be fetched again', async () => {
  const { listen, missed } = open()
  const id = crypto.randomUUID()
  listen(docOf(id))
  listen(list)
  await until('both are heard', () => missed.length === 2)
  server.say({ type: 'REVOKED', payload: { entityCode: 'project', entityIds: [id], list: true } })
  await until('both are missed', () => missed.length === 4)
  expect(missed.slice(2)).toEqual([docOf(id), list])
})

test.each(['no json', '[]', { type: 'UNKNOWN' }, { type: 'ERROR', payload: { message: 'Slow down.' } }])(
  '%o is told as a problem, and the connection stays',
  async (message) => {
    const { feed, listen, missed, problems } = open()
    listen(docOf(crypto.randomUUID()))
    await until('it is heard', () => missed.length === 1)
    server.say(message)
    await until('it is told', () => problems.length === 1)
    expect(feed.state$.current?.name).toBe('open')
  },
)
