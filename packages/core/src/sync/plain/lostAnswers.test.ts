import 'fake-indexeddb/auto'
import { afterEach, expect, test } from 'vitest'
import { offline } from '../../../test/memoryRemote.js'
import { lists, makeWorld, until, type Tide, type World } from '../../../test/world.js'

const open: Tide[] = []
async function started(world: World): Promise<Tide> {
  const tide = world.tab()
  open.push(tide)
  await tide.start('user-a')
  return tide
}
const synced = (tide: Tide) => until('everything is synced', () => tide.status$.current?.name === 'synced')

/** The server carries out the next request of the kind, and its answer never arrives; then the network is gone. */
function loseAnswer(world: World, method: string): Promise<void> {
  return new Promise((resolve) => {
    world.remote.after = (called) => {
      if (called !== method) return
      world.remote.after = () => undefined
      world.online$.next(false)
      resolve()
      throw offline()
    }
  })
}

afterEach(async () => {
  await Promise.all(open.splice(0).map((tide) => tide.stop()))
})

test('R5: a row whose insert lost its answer and that was deleted then does not come back', async () => {
  const world = makeWorld()
  const tide = await started(world)
  await synced(tide)
  const lost = loseAnswer(world, 'insert')
  await tide.tables.lists.insert({ id: 'l1', title: 'Work' })
  await lost
  await tide.tables.lists.delete('l1')
  world.online$.next(true)
  await synced(tide)
  expect([...world.remote.rows('lists').keys()]).toEqual([])
  expect(await tide.tables.lists.rows$().ready).toEqual([])
})

test('R5: the same after a restart: who sent the insert is not known any more', async () => {
  const world = makeWorld()
  const first = await started(world)
  await synced(first)
  const lost = loseAnswer(world, 'insert')
  await first.tables.lists.insert({ id: 'l1', title: 'Work' })
  await lost
  await first.stop()
  const second = await started(world)
  await second.tables.lists.delete('l1')
  world.online$.next(true)
  await synced(second)
  expect([...world.remote.rows('lists').keys()]).toEqual([])
})

test('a row that is inserted and deleted before anything was sent makes no request', async () => {
  const world = makeWorld()
  const tide = await started(world)
  await synced(tide)
  world.online$.next(false)
  await tide.tables.lists.insert({ id: 'l1', title: 'Work' })
  await tide.tables.lists.delete('l1')
  world.remote.requests.length = 0
  world.online$.next(true)
  await synced(tide)
  expect(world.remote.requests.filter((request) => !request.startsWith('select'))).toEqual([])
})

test('R5: an update whose insert lost its answer is not lost with it', async () => {
  const world = makeWorld()
  const tide = await started(world)
  await synced(tide)
  const lost = loseAnswer(world, 'insert')
  await tide.tables.lists.insert({ id: 'l1', title: 'Work' })
  await lost
  await tide.tables.lists.update('l1', { title: 'Home' })
  world.online$.next(true)
  await synced(tide)
  expect(world.remote.rows('lists').get('l1')).toMatchObject({ title: 'Home' })
  expect(tide.status$.current).toMatchObject({ pending: 0, parked: 0 })
})

test('R5: a delete whose answer was lost is done once', async () => {
  const world = makeWorld()
  world.remote.put(lists, { id: 'l1', user_id: 'user-a', title: 'Old', color: 'blue' }, false)
  const tide = await started(world)
  await synced(tide)
  const lost = loseAnswer(world, 'remove')
  await tide.tables.lists.delete('l1')
  await lost
  world.online$.next(true)
  await synced(tide)
  expect(world.remote.rows('lists').size).toBe(0)
  expect(tide.status$.current).toMatchObject({ pending: 0, parked: 0 })
})
