import { afterEach, expect, test } from 'vitest'
import { calm, makeEntityWorld, type EntityWorld } from '../../test/entityWorld.js'

let world: EntityWorld
const begin = async (rows = 5) => {
  world = makeEntityWorld()
  for (let n = 1; n <= rows; n += 1)
    world.server.set('project', { id: String(n), name: `Project ${n}`, stage: n % 2 ? 'open' : 'done' })
  return world.started()
}
const namesOf = (state: { data?: { rows: readonly { name: string }[] } | undefined } | undefined) =>
  state?.data?.rows.map(({ name }) => name)
afterEach(() => world.stop())

test('a list has its page, and the total of all pages', async () => {
  const entities = await begin()
  const list = entities.entityList('project', { page: 2, limit: 2 })
  list.subscribe()
  await calm()
  expect(namesOf(list.current)).toEqual(['Project 3', 'Project 4'])
  expect(list.current?.data?.total).toBe(5)
})

test('equal queries are one list, whatever the order of their filters; others are others', async () => {
  const entities = await begin()
  entities.entityList('project', { filters: { stage: 'open', name: 'Project 1' } }).subscribe()
  entities.entityList('project', { filters: { name: 'Project 1', stage: 'open' }, page: 1 }).subscribe()
  entities.entityList('project', { filters: { stage: 'done' } }).subscribe()
  await calm()
  expect(world.server.asked).toHaveLength(2)
})

test('a list shows at once after a restart, and an entity that nobody fetched shows from it', async () => {
  const first = await begin()
  first.entityList('project').subscribe()
  await calm()
  await first.stop()
  world.server.gate = new Promise(() => undefined)
  const second = await world.started()
  const list = second.entityList('project')
  list.subscribe()
  await calm()
  expect(list.current).toMatchObject({ name: 'stale', data: { total: 5 } })
  const entity = second.entity('project', '3')
  entity.subscribe()
  await calm()
  expect(entity.current).toMatchObject({ name: 'stale', data: { name: 'Project 3' } })
})

test('what is fetched of an entity shows in its lists, and the other way round', async () => {
  const entities = await begin()
  const [list, entity] = [entities.entityList('project'), entities.entity('project', '2')]
  list.subscribe()
  entity.subscribe()
  await calm()
  const before = list.current?.data?.rows
  world.server.set('project', { id: '2', name: 'Renamed' })
  entities.refetch('project', '2')
  await calm()
  expect(namesOf(list.current)?.[1]).toBe('Renamed')
  expect(before?.[1]?.name).toBe('Project 2')
  world.server.set('project', { id: '2', name: 'Renamed again' })
  const asked = world.server.asked.length
  entities.entityList('project', { limit: 3 }).subscribe()
  await calm()
  expect(entity.current).toMatchObject({ data: { name: 'Renamed again' } })
  expect(world.server.asked).toHaveLength(asked + 1)
})

test('rows that say the same stay the same objects when a list is fetched again', async () => {
  const entities = await begin()
  const list = entities.entityList('project')
  list.subscribe()
  await calm()
  const before = list.current?.data?.rows ?? []
  world.server.set('project', { id: '2', name: 'Renamed' })
  entities.refetch('project')
  await calm()
  expect(list.current?.data?.rows.map((row, index) => row === before[index])).toEqual([
    true,
    false,
    true,
    true,
    true,
  ])
})

test('a row that does not fit is reported and does not hide the others', async () => {
  const entities = await begin()
  world.server.set('project', { id: '2', name: '' })
  const list = entities.entityList('project')
  list.subscribe()
  await calm()
  expect(list.current).toMatchObject({ name: 'fresh', data: { total: 5 } })
  expect(namesOf(list.current)).toHaveLength(4)
  expect(world.problems).toMatchObject([{ code: 'row-invalid', key: '2' }])
})

test('an update shows everywhere in the same turn, before the server has answered', async () => {
  const entities = await begin()
  const [list, entity] = [entities.entityList('project'), entities.entity('project', '1')]
  list.subscribe()
  entity.subscribe()
  await calm()
  const update = entities.entityMutation('project').update('1', { name: 'Quay' })
  expect(entity.current).toMatchObject({ data: { name: 'Quay' } })
  expect(namesOf(list.current)?.[0]).toBe('Quay')
  await expect(update).resolves.toMatchObject({ name: 'Quay', version: 2 })
  const shown: (string | undefined)[] = []
  entity.subscribe(({ data }) => shown.push(data?.name))
  await calm()
  expect(new Set(shown)).toEqual(new Set(['Quay']))
})

test.each([500, 0, 403, 401])('an update that fails with %i is taken back and rejects', async (status) => {
  const entities = await begin()
  const entity = entities.entity('project', '1')
  entity.subscribe()
  await calm()
  world.server.failures.push(status)
  const update = entities.entityMutation('project').update('1', { name: 'Quay' })
  expect(entity.current?.data?.name).toBe('Quay')
  await expect(update).rejects.toMatchObject({ name: 'RemoteError', status })
  await calm()
  expect(entity.current).toMatchObject({ name: 'fresh', data: { name: 'Project 1' } })
})

test('an update that is never answered is taken back after 30 s', async () => {
  const entities = await begin()
  const entity = entities.entity('project', '1')
  entity.subscribe()
  await calm()
  world.server.gate = new Promise(() => undefined)
  const update = entities.entityMutation('project').update('1', { name: 'Quay' })
  const failed = expect(update).rejects.toMatchObject({ code: 'offline' })
  await world.pass(30_000)
  await failed
  expect(entity.current?.data?.name).toBe('Project 1')
})

test('values that do not fit are refused before anything shows or is sent', async () => {
  const entities = await begin()
  const entity = entities.entity('project', '1')
  entity.subscribe()
  await calm()
  const asked = world.server.asked.length
  await expect(entities.entityMutation('project').update('1', { name: '' })).rejects.toMatchObject({
    code: 'row-invalid',
    issues: [{ path: ['name'] }],
  })
  expect(world.server.asked).toHaveLength(asked)
  expect(entity.current?.data?.name).toBe('Project 1')
})

test('writes of one entity are sent in order, and each is on top of what is shown', async () => {
  const entities = await begin()
  const entity = entities.entity('project', '1')
  entity.subscribe()
  await calm()
  const { update } = entities.entityMutation('project')
  world.server.failures.push(409)
  const refused = update('1', { stage: 'closed' })
  const [second, third] = [update('1', { name: 'Second' }), update('1', { name: 'Third' })]
  expect(entity.current?.data).toMatchObject({ name: 'Third', stage: 'closed' })
  await expect(refused).rejects.toMatchObject({ status: 409 })
  await Promise.all([second, third])
  await calm()
  expect(world.server.rows.get('project')?.get('1')).toMatchObject({ name: 'Third', stage: 'open' })
  expect(entity.current).toMatchObject({ name: 'fresh', data: { name: 'Third', stage: 'open' } })
})

test('what is deleted disappears at once, keeps a soft mark, and comes back when the server refuses', async () => {
  const entities = await begin()
  const [list, entity] = [entities.entityList('project'), entities.entity('project', '1')]
  list.subscribe()
  entity.subscribe()
  await calm()
  world.server.failures.push(403)
  const refused = entities.entityMutation('project').remove('1')
  expect(entity.current?.name).toBe('removed')
  expect(list.current?.data).toMatchObject({ total: 4 })
  await expect(refused).rejects.toMatchObject({ status: 403 })
  await calm()
  expect(list.current?.data).toMatchObject({ total: 5 })
  await entities.entityMutation('project').remove('1')
  await calm()
  expect(entity.current).toMatchObject({ name: 'removed', data: { name: 'Project 1' } })
  expect(list.current).toMatchObject({ name: 'fresh', data: { total: 4 } })
  await expect(entities.entityMutation('project').remove('1')).resolves.toBeUndefined()
})

test('what is created is known at once and the lists are fetched', async () => {
  const entities = await begin()
  const list = entities.entityList('project')
  list.subscribe()
  await calm()
  const { id } = await entities.entityMutation('project').create({ name: 'New' })
  await calm()
  expect(namesOf(list.current)).toContain('New')
  expect(id).toMatch(/-/)
})

test('a write is refused while nobody is signed in, and one of a user who has left changes nothing', async () => {
  const entities = await begin()
  const entity = entities.entity('project', '1')
  entity.subscribe()
  await calm()
  let open = (): void => undefined
  world.server.gate = new Promise((resolve) => (open = resolve))
  const update = entities.entityMutation('project').update('1', { name: 'Of user a' })
  await entities.start('user-b')
  world.server.gate = new Promise(() => undefined)
  open()
  await update
  await calm()
  expect(entity.current?.data).toBeUndefined()
  await entities.stop()
  await expect(entities.entityMutation('project').update('1', {})).rejects.toMatchObject({
    code: 'not-started',
  })
})
