import { afterEach, expect, test } from 'vitest'
import { calm, makeEntityWorld, type EntityWorld, type TestEntities } from '../../test/entityWorld.js'
import { MemoryFeed } from '../../test/memoryFeed.js'
import { connectFeed } from '../entities.js'
import type { FeedChannel } from '../feeds/channelName.js'

let world: EntityWorld
let feed: MemoryFeed
let entities: TestEntities
const docOf = (id: string): FeedChannel => ({ kind: 'doc', type: 'project', id, factoryId: 'f1' })

/** A list of two projects, and a feed whose lists tell only of what comes and goes. */
const begin = async (listsTellUpdates = false) => {
  world = makeEntityWorld()
  feed = new MemoryFeed()
  for (const id of ['1', '2']) world.server.set('project', { id, name: `Project ${id}` })
  entities = await world.started()
  const stop = connectFeed(entities, { ...feed.feed, listsTellUpdates }, 'f1')
  const all = entities.entityList('project')
  const shown = all.subscribe()
  await calm()
  world.server.asked.length = 0
  return { all, shown, stop }
}
const open = () => [...feed.open].sort()
afterEach(() => world.stop())

test('where lists do not tell of updates, each row that is shown is listened to', async () => {
  const { shown } = await begin()
  expect(open()).toEqual(['doc:project:1', 'doc:project:2', 'factory:f1', 'list:project:f1'])
  shown.unsubscribe()
  expect(open()).toEqual([])
})

test('where they do, the channel of the list is enough', async () => {
  await begin(true)
  expect(open()).toEqual(['factory:f1', 'list:project:f1'])
})

test('an update of a row fetches the list once', async () => {
  const { all } = await begin()
  world.server.set('project', { id: '2', name: 'Renamed' })
  for (let n = 0; n < 20; n += 1)
    feed.send(docOf('2'), { type: 'project', id: '2', factoryId: 'f1', action: 'update', version: 2 })
  await world.pass(300)
  expect(world.server.asked).toEqual(['GET project?page=1'])
  expect(all.current?.data?.rows[1]).toMatchObject({ name: 'Renamed' })
})

test('rows that come are listened to, and those that go no longer', async () => {
  await begin()
  world.server.set('project', { id: '3', name: 'Project 3' })
  world.server.delete('project', '1')
  entities.refetch('project')
  await calm()
  expect(open()).toEqual(['doc:project:2', 'doc:project:3', 'factory:f1', 'list:project:f1'])
})

test('a list is fetched when news of one of its rows may have been missed, and once for many', async () => {
  await begin()
  for (const id of ['1', '2']) feed.outlets.missed.next(docOf(id))
  feed.outlets.missed.next(docOf('9'))
  await calm()
  expect([...new Set(world.server.asked)]).toEqual(['GET project?page=1'])
  expect(world.server.asked.length).toBeLessThanOrEqual(2)
})

test('nothing is listened to once the feed is left', async () => {
  const { stop } = await begin()
  stop()
  expect(open()).toEqual([])
  entities.refetch('project')
  await calm()
  expect(open()).toEqual([])
})
