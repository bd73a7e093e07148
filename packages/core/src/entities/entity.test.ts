import { afterEach, expect, test } from 'vitest'
import { calm, makeEntityWorld, type EntityWorld } from '../../test/entityWorld.js'

let world: EntityWorld
const begin = async () => {
  world = makeEntityWorld()
  world.server.set('project', { id: '1', name: 'Harbour' })
  return world.started()
}
afterEach(() => world.stop())

test('an entity is loading, then fresh, and equal askers make one request', async () => {
  const entities = await begin()
  const stream = entities.entity('project', '1')
  expect(stream.current).toBeUndefined()
  const names: string[] = []
  stream.subscribe(({ name }) => names.push(name))
  entities.entity('project', '1').subscribe()
  await calm()
  expect(names).toEqual(['loading', 'fresh'])
  expect(stream.current).toMatchObject({
    name: 'fresh',
    data: { name: 'Harbour', stage: null },
    syncedAt: 1_000_000,
  })
  expect(world.server.asked).toEqual(['GET project/1'])
})

test('what was fetched shows at once after a restart, offline too, and is fetched behind that', async () => {
  const first = await begin()
  first.entity('project', '1').subscribe()
  await calm()
  await first.stop()
  world.server.failures.push(0)
  const second = await world.started()
  const states: string[] = []
  const stream = second.entity('project', '1')
  stream.subscribe(({ name, data }) => states.push(`${name} ${data?.name}`))
  await calm()
  expect(states).toEqual(['loading undefined', 'stale Harbour', 'waiting Harbour'])
  expect(stream.current).toMatchObject({ error: { code: 'offline' } })
  world.server.set('project', { id: '1', name: 'New harbour' })
  world.online$.next(true)
  await calm()
  expect(states.at(-1)).toBe('fresh New harbour')
})

test('an answer is good for five minutes; then it is shown and fetched again, and 304 keeps it', async () => {
  const entities = await begin()
  const stream = entities.entity('project', '1')
  stream.subscribe().unsubscribe()
  const one = stream.subscribe()
  await calm()
  one.unsubscribe()
  await world.pass(200_000)
  const two = stream.subscribe()
  await calm()
  expect(world.server.asked).toHaveLength(1)
  const { data } = stream.current ?? {}
  two.unsubscribe()
  await world.pass(200_000)
  stream.subscribe()
  expect(stream.current).toMatchObject({ data: { name: 'Harbour' } })
  await calm()
  expect(world.server.asked).toHaveLength(2)
  expect(stream.current).toMatchObject({ name: 'fresh', syncedAt: 1_400_000 })
  expect(stream.current?.data).toBe(data)
})

test('a fetch is aborted when the last watcher leaves, and its answer is not taken in', async () => {
  const entities = await begin()
  let open = (): void => undefined
  world.server.gate = new Promise((resolve) => (open = resolve))
  const stream = entities.entity('project', '1')
  const [a, b] = [stream.subscribe(), stream.subscribe()]
  await calm()
  a.unsubscribe()
  expect(world.server.aborted).toBe(0)
  b.unsubscribe()
  expect(world.server.aborted).toBe(1)
  open()
  await calm()
  expect(stream.current?.data).toBeUndefined()
})

test('401 needs a sign-in and is not tried again until somebody has signed in', async () => {
  const entities = await begin()
  world.server.failures.push(401)
  const stream = entities.entity('project', '1')
  stream.subscribe()
  await world.pass(600_000)
  expect(stream.current).toMatchObject({ name: 'needs-sign-in', data: undefined })
  expect(world.server.asked).toHaveLength(1)
  entities.refetch('project')
  await world.pass(60_000)
  expect(world.server.asked).toHaveLength(1)
  await entities.start('user-a')
  await calm()
  expect(stream.current).toMatchObject({ name: 'fresh' })
})

test('404 is removed: a soft mark stays on the device', async () => {
  const entities = await begin()
  const stream = entities.entity('project', '1')
  stream.subscribe()
  await calm()
  world.server.delete('project', '1')
  entities.refetch('project', '1')
  await calm()
  expect(stream.current).toMatchObject({ name: 'removed', data: { name: 'Harbour' } })
  expect(entities.offlineEntity('project', '1').current).toBeNull()
  await entities.stop()
  world.server.failures.push(0)
  const second = await world.started()
  const again = second.offlineEntity('project', '1')
  again.subscribe()
  await calm()
  expect(again.current).toBeNull()
})

test('5xx and a network that is not there are tried again with backoff', async () => {
  const entities = await begin()
  world.server.failures.push(503, 500, 0)
  const stream = entities.entity('project', '1')
  stream.subscribe()
  await calm()
  expect(stream.current).toMatchObject({ name: 'waiting', error: { code: 'server-busy' }, until: 1_000_500 })
  await world.pass(499)
  expect(world.server.asked).toHaveLength(1)
  await world.pass(1)
  expect(world.server.asked).toHaveLength(2)
  await world.pass(1_000)
  await world.pass(2_000)
  expect(world.server.asked).toHaveLength(4)
  expect(stream.current).toMatchObject({ name: 'fresh' })
})

test('a server that takes the request and never answers is given up after 30 s, and asked again', async () => {
  const entities = await begin()
  world.server.gate = new Promise(() => undefined)
  const stream = entities.entity('project', '1')
  stream.subscribe()
  await world.pass(29_999)
  expect(stream.current).toMatchObject({ name: 'loading' })
  await world.pass(1)
  expect(stream.current).toMatchObject({ name: 'waiting', error: { code: 'offline' } })
  expect(world.server.aborted).toBe(1)
  world.server.gate = undefined
  await world.pass(1_000)
  expect(stream.current).toMatchObject({ name: 'fresh' })
})

test('a refusal is told and not tried again; another asking tries once more', async () => {
  const entities = await begin()
  world.server.failures.push(403)
  const stream = entities.entity('project', '1')
  stream.subscribe()
  await world.pass(100_000)
  expect(stream.current).toMatchObject({ name: 'failed', error: { code: 'refused', status: 403 } })
  expect(world.server.asked).toHaveLength(1)
  entities.refetch('project', '1')
  await calm()
  expect(stream.current).toMatchObject({ name: 'fresh' })
})

test('an answer that does not fit is told, and what was known stays', async () => {
  const entities = await begin()
  const stream = entities.entity('project', '1')
  stream.subscribe()
  await calm()
  world.server.set('project', { id: '1', name: '' })
  entities.refetch('project')
  await calm()
  expect(stream.current).toMatchObject({
    name: 'failed',
    data: { name: 'Harbour' },
    error: { code: 'row-invalid' },
  })
})

test('an answer that is older than what is known is not taken', async () => {
  const entities = await begin()
  world.server.set('project', { id: '1', name: 'Newer', version: 7 })
  const stream = entities.entity('project', '1')
  stream.subscribe()
  await calm()
  world.server.set('project', { id: '1', name: 'Older', version: 6 })
  entities.refetch('project')
  await calm()
  expect(stream.current).toMatchObject({ name: 'fresh', data: { name: 'Newer' } })
})

test('values go through codecs, and columns that are not declared are kept', async () => {
  const entities = await begin()
  world.server.set('project', { id: '2', name: 'Pier', due: '2026-03-01T00:00:00Z', depth: 4 })
  const stream = entities.entity('project', '2')
  stream.subscribe()
  await calm()
  expect(stream.current?.data).toMatchObject({ due: new Date('2026-03-01T00:00:00Z'), depth: 4 })
})
