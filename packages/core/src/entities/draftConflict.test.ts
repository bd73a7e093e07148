import { afterEach, expect, test } from 'vitest'
import { calm, makeEntityWorld, type EntityWorld, type TestEntities } from '../../test/entityWorld.js'
import { draft } from '../entities.js'

let world: EntityWorld
const begin = async () => {
  world = makeEntityWorld()
  world.server.set('project', { id: '1', name: 'Harbour', stage: 'open' })
  return world.started()
}
const edit = async (entities: TestEntities) => {
  const edited = draft(entities, 'project', '1')
  edited.state$.subscribe()
  await edited.start()
  await calm()
  return edited
}
afterEach(() => world.stop())

test('a newer version is a conflict with base, mine and theirs, and nothing is overwritten', async () => {
  const entities = await begin()
  const edited = await edit(entities)
  edited.update({ name: 'Mine' })
  world.server.set('project', { id: '1', name: 'Theirs', stage: 'done' })
  entities.refetch('project', '1')
  await calm()
  expect(edited.state$.current).toMatchObject({
    name: 'conflict',
    conflict: {
      base: { name: 'Harbour', stage: 'open' },
      mine: { name: 'Mine', stage: 'open' },
      theirs: { name: 'Theirs', stage: 'done' },
      fields: ['name'],
    },
  })
  const asked = world.server.asked.length
  await expect(edited.save()).rejects.toMatchObject({ status: 412 })
  expect(world.server.asked).toHaveLength(asked)
  edited.resolve('mine')
  expect(edited.state$.current).toMatchObject({ name: 'editing', current: { name: 'Mine', stage: 'done' } })
  await edited.save()
  expect(world.server.rows.get('project')?.get('1')).toMatchObject({ name: 'Mine', stage: 'done' })
})

test.each([
  ['theirs', { name: 'Theirs', stage: 'mine' }],
  [{ name: 'Both' }, { name: 'Both', stage: 'mine' }],
] as const)('a conflict is resolved with %j', async (choice, current) => {
  const entities = await begin()
  const edited = await edit(entities)
  edited.update({ name: 'Mine', stage: 'mine' })
  world.server.set('project', { id: '1', name: 'Theirs', stage: 'open' })
  entities.refetch('project', '1')
  await calm()
  edited.resolve(choice)
  expect(edited.state$.current).toMatchObject({ name: 'editing', current })
})

test('the server finds a conflict that nobody has heard of', async () => {
  const edited = await edit(await begin())
  edited.update({ name: 'Mine' })
  world.server.set('project', { id: '1', name: 'Theirs', stage: 'open' })
  await expect(edited.save()).rejects.toMatchObject({ status: 412 })
  await calm()
  expect(edited.state$.current).toMatchObject({ name: 'conflict', conflict: { theirs: { name: 'Theirs' } } })
})

test('a newer version in which nothing but the version differs is no conflict, and can be saved', async () => {
  const entities = await begin()
  const edited = await edit(entities)
  edited.update({ name: 'Mine' })
  world.server.set('project', { id: '1', name: 'Harbour', stage: 'open' })
  entities.refetch('project', '1')
  await calm()
  expect(edited.state$.current).toMatchObject({ name: 'editing' })
  await expect(edited.save()).resolves.toMatchObject({ name: 'Mine' })
})

test('a draft without changes goes along with the server', async () => {
  const entities = await begin()
  const edited = await edit(entities)
  world.server.set('project', { id: '1', name: 'Theirs', stage: 'open' })
  entities.refetch('project', '1')
  await calm()
  expect(edited.state$.current).toMatchObject({ name: 'editing', original: { name: 'Theirs' } })
  edited.update({ stage: 'done' })
  expect(edited.state$.current).toMatchObject({ changes: { stage: 'done' }, current: { name: 'Theirs' } })
  await edited.save()
  expect(world.server.rows.get('project')?.get('1')).toMatchObject({ name: 'Theirs', stage: 'done' })
})

test('an entity that was deleted while it is edited is a conflict too, and the edit is kept', async () => {
  const entities = await begin()
  const edited = await edit(entities)
  edited.update({ name: 'Mine' })
  world.server.delete('project', '1')
  entities.refetch('project', '1')
  await calm()
  expect(edited.state$.current).toMatchObject({ name: 'conflict', conflict: { theirs: null } })
  expect(() => edited.resolve('mine')).toThrow(expect.objectContaining({ code: 'row-missing' }))
  expect(edited.state$.current).toMatchObject({ current: { name: 'Mine' } })
  edited.resolve('theirs')
  expect(edited.state$.current).toEqual({ name: 'none' })
})

test('the conflict is found after a reload too', async () => {
  const edited = await edit(await begin())
  edited.update({ name: 'Mine' })
  await calm()
  world.server.set('project', { id: '1', name: 'Theirs', stage: 'open' })
  const again = draft(await world.started(), 'project', '1')
  again.state$.subscribe()
  await calm()
  expect(again.state$.current).toMatchObject({ name: 'conflict', conflict: { theirs: { name: 'Theirs' } } })
})
