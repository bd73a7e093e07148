import { BehaviorSubject } from 'rxjs'
import { afterEach, expect, test } from 'vitest'
import { calm, makeEntityWorld, type EntityWorld, type TestEntities } from '../../test/entityWorld.js'
import { MemoryFeed } from '../../test/memoryFeed.js'
import { connectFeed, draft } from '../entities.js'
import type { FeedChannel } from '../feeds/channelName.js'
import type { FeedEvent } from '../feeds/event.js'

let world: EntityWorld
let feed: MemoryFeed
let entities: TestEntities
const doc: FeedChannel = { kind: 'doc', type: 'project', id: '1', factoryId: 'f1' }
const list: FeedChannel = { kind: 'list', type: 'project', factoryId: 'f1' }
const begin = async () => {
  world = makeEntityWorld()
  feed = new MemoryFeed()
  for (const id of ['1', '2']) world.server.set('project', { id, name: `Project ${id}` })
  entities = await world.started()
  const stop = connectFeed(entities, feed.feed, 'f1')
  const [entity, all] = [entities.entity('project', '1'), entities.entityList('project')]
  const shown = [entity.subscribe(), all.subscribe()]
  await calm()
  world.server.asked.length = 0
  return { entity, all, shown, stop }
}
const send = (channel: FeedChannel, more: Partial<FeedEvent>): void =>
  feed.send(channel, { type: 'project', id: '1', factoryId: 'f1', action: 'update', ...more })
afterEach(() => world.stop())

test('what is shown is heard of, and nothing once nobody looks', async () => {
  const { shown } = await begin()
  expect([...feed.open].sort()).toEqual(['doc:project:1', 'factory:f1', 'list:project:f1'])
  for (const subscription of shown) subscription.unsubscribe()
  expect(feed.open.size).toBe(0)
})

test('an update is fetched, once for the entity and once for its lists, whatever many events tell of it', async () => {
  const { entity, all } = await begin()
  world.server.set('project', { id: '1', name: 'Renamed' })
  for (let n = 0; n < 50; n += 1) send(doc, { version: 2 })
  await world.pass(299)
  expect(world.server.asked).toEqual([])
  await world.pass(1)
  expect(world.server.asked.toSorted()).toEqual(['GET project/1', 'GET project?page=1'])
  expect(entity.current).toMatchObject({ name: 'fresh', data: { name: 'Renamed' } })
  expect(all.current?.data?.rows[0]).toMatchObject({ name: 'Renamed' })
})

test('an update with its values shows them without fetching the entity', async () => {
  const { entity } = await begin()
  world.server.set('project', { id: '1', name: 'Renamed' })
  send(doc, { version: 2, changedKeys: ['name'], patch: { name: 'Renamed' } })
  await world.pass(300)
  expect(entity.current).toMatchObject({ name: 'fresh', data: { name: 'Renamed', version: 2 } })
  expect(world.server.asked).toEqual(['GET project?page=1'])
})

test('values that do not fit are reported, and the feed goes on', async () => {
  const { entity } = await begin()
  send(doc, { version: 2, changedKeys: ['name'], patch: { name: 7 } })
  await world.pass(300)
  expect(world.problems).toMatchObject([{ code: 'row-invalid' }])
  expect(entity.current).toMatchObject({ data: { name: 'Project 1' } })
  send(doc, { version: 3, changedKeys: ['name'], patch: { name: 'Fits' } })
  await world.pass(300)
  expect(entity.current).toMatchObject({ data: { name: 'Fits' } })
})

test('an event of a version that is known or older, or of another scope, fetches nothing', async () => {
  const { entity } = await begin()
  world.server.set('project', { id: '1', name: 'Later', version: 5 })
  entities.refetch('project', '1')
  await calm()
  world.server.asked.length = 0
  send(doc, { version: 4 })
  send(doc, { version: 9, factoryId: 'f2' })
  await world.pass(300)
  expect(world.server.asked).toEqual([])
  send(doc, { version: 5 })
  await world.pass(300)
  expect(world.server.asked).toEqual(['GET project?page=1'])
  expect(entity.current).toMatchObject({ name: 'fresh', data: { version: 5 } })
})

test('an event that deletes leaves a soft mark, shown or not, and takes the row from the lists', async () => {
  const { entity, all } = await begin()
  const other = entities.entity('project', '2')
  const looked = other.subscribe()
  await calm()
  looked.unsubscribe()
  for (const id of ['1', '2']) {
    world.server.delete('project', id)
    send(list, { id, action: 'delete' })
  }
  await world.pass(300)
  expect(entity.current).toMatchObject({ name: 'removed', data: { name: 'Project 1' } })
  expect(all.current).toMatchObject({ name: 'fresh', data: { rows: [], total: 0 } })
  await world.pass(400_000)
  const gone = entities.offlineEntity('project', '2')
  gone.subscribe()
  await calm()
  expect(gone.current).toBeNull()
})

test('an update of what the server no longer has is removed (404), and a create brings it back', async () => {
  const { entity } = await begin()
  world.server.delete('project', '1')
  send(doc, { version: 2 })
  await world.pass(300)
  expect(entity.current?.name).toBe('removed')
  world.server.set('project', { id: '1', name: 'Again' })
  send(list, { action: 'create' })
  await world.pass(300)
  expect(entity.current).toMatchObject({ name: 'fresh', data: { name: 'Again' } })
})

test('an event for an entity that is edited is a conflict, not an overwrite', async () => {
  await begin()
  const edited = draft(entities, 'project', '1')
  edited.state$.subscribe()
  await edited.start()
  edited.update({ name: 'Mine' })
  world.server.set('project', { id: '1', name: 'Theirs' })
  send(doc, { version: 2 })
  await world.pass(300)
  expect(edited.state$.current).toMatchObject({
    name: 'conflict',
    current: { name: 'Mine' },
    conflict: { base: { name: 'Project 1' }, mine: { name: 'Mine' }, theirs: { name: 'Theirs' } },
  })
})

test('10,000 events of one import fetch each shown list once', async () => {
  await begin()
  for (let n = 0; n < 10_000; n += 1) send(list, { id: String(n + 10), action: 'create' })
  await world.pass(300)
  expect(world.server.asked).toEqual(['GET project?page=1'])
})

test('an event while a fetch is under way is fetched after it, and bursts do not starve it', async () => {
  const { entity } = await begin()
  let open = (): void => undefined
  world.server.gate = new Promise((resolve) => (open = resolve))
  send(doc, {})
  await world.pass(300)
  world.server.set('project', { id: '1', name: 'Last' })
  for (let burst = 0; burst < 3; burst += 1) {
    send(doc, {})
    await world.pass(300)
  }
  world.server.gate = undefined
  open()
  await calm()
  expect(world.server.asked.filter((request) => request === 'GET project/1')).toHaveLength(2)
  expect(entity.current).toMatchObject({ name: 'fresh', data: { name: 'Last' } })
})

test('what may have been missed is fetched where it is shown', async () => {
  await begin()
  feed.outlets.missed.next(doc)
  await calm()
  expect(world.server.asked).toEqual(['GET project/1'])
  feed.outlets.missed.next(undefined)
  await calm()
  expect(world.server.asked).toHaveLength(3)
})

test('a change of scope listens there; without a scope and after the end nothing is heard', async () => {
  await begin()
  const scope = new BehaviorSubject<string | undefined>('f1')
  const stop = connectFeed(entities, feed.feed, scope)
  scope.next('f2')
  expect([...feed.open]).toContain('list:project:f2')
  scope.next(undefined)
  expect([...feed.open].filter((name) => name.endsWith('f2'))).toEqual([])
  scope.next('f2')
  stop()
  expect([...feed.open].filter((name) => name.endsWith('f2'))).toEqual([])
})

test('events of types that nobody declared are nobody’s', async () => {
  await begin()
  send(list, { type: '__proto__', action: 'delete' })
  send(list, { type: 'constructor' })
  await world.pass(300)
  expect(world.server.asked).toEqual([])
})
