import { afterEach, expect, test } from 'vitest'
import { calm, makeEntityWorld, type EntityWorld } from '../../test/entityWorld.js'

let world: EntityWorld
const begin = async () => {
  world = makeEntityWorld()
  world.server.set('project', { id: '1', name: 'Harbour' })
  return world.started()
}
afterEach(() => world.stop())

test('another tab hears what one has fetched, without asking the server', async () => {
  const entities = await begin()
  const other = await world.started()
  const [mine, theirs] = [entities.entity('project', '1'), other.entity('project', '1')]
  theirs.subscribe()
  mine.subscribe()
  await calm()
  const asked = world.server.asked.length
  world.server.set('project', { id: '1', name: 'Renamed' })
  entities.refetch('project')
  await calm()
  await calm()
  expect(theirs.current).toMatchObject({ data: { name: 'Renamed' } })
  expect(world.server.asked).toHaveLength(asked + 1)
})

test('R7: another user sees nothing of the first, and the stream goes on with what is theirs', async () => {
  const entities = await begin()
  const stream = entities.entity('project', '1')
  stream.subscribe()
  await calm()
  world.server.delete('project', '1')
  world.server.gate = new Promise(() => undefined)
  await entities.start('user-b')
  await calm()
  expect(stream.current).toEqual({ name: 'loading', data: undefined })
  const offline = entities.offlineEntity('project', '1')
  offline.subscribe()
  await calm()
  expect(offline.current).toBeNull()
  await entities.stop()
  expect(stream.current).toBeUndefined()
})

test('signing out removes what the server said from the device; stopping does not', async () => {
  const entities = await begin()
  const onDevice = async () => {
    const offline = entities.offlineEntity('project', '1')
    const subscription = offline.subscribe()
    await calm()
    subscription.unsubscribe()
    return offline.current
  }
  entities.entity('project', '1').subscribe().unsubscribe()
  const shown = entities.entity('project', '1').subscribe()
  await calm()
  shown.unsubscribe()
  await entities.stop()
  await entities.start('user-a')
  expect(await onDevice()).toMatchObject({ name: 'Harbour' })
  await entities.signOut()
  await entities.start('user-a')
  expect(await onDevice()).toBeNull()
})
