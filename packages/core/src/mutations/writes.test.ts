import 'fake-indexeddb/auto'
import { afterEach, expect, test } from 'vitest'
import { lists, makeWorld, until, type Tide } from '../../test/world.js'

const open: Tide[] = []
/** A device that has one row of the server on its disk, none in memory, and no network any more. */
async function stored(): Promise<Tide> {
  const world = makeWorld()
  world.remote.put(lists, { id: 'l1', user_id: 'user-a', title: 'Server', color: 'blue' }, false)
  const tide = world.tab()
  open.push(tide)
  await tide.start('user-a')
  await until('it is synced', () => tide.status$.current?.name === 'synced')
  world.online$.next(false)
  return tide
}
const pending = ({ outbox }: Tide) => outbox.pending$.current?.map(({ op, patch }) => [op, patch['title']])
const told = () => new Promise((resolve) => setTimeout(resolve))

afterEach(async () => {
  await Promise.all(open.splice(0).map((tide) => tide.stop()))
})

test('writes of a row that must be read first keep their order, whoever waits for them', async () => {
  const tide = await stored()
  const { lists } = tide.tables
  const writes = [
    lists.update('l1', { title: 'a' }),
    lists.update('l1', { title: 'b' }),
    lists.delete('l1'),
    lists.upsert({ id: 'l1', title: 'c' }),
    lists.update('l1', { title: 'd' }),
  ]
  await Promise.all(writes)
  await told()
  expect(await lists.get('l1')).toMatchObject({ title: 'd' })
  expect(pending(tide)).toEqual([
    ['update', 'a'],
    ['update', 'b'],
    ['delete', undefined],
    ['insert', 'c'],
    ['update', 'd'],
  ])
})

test('a write that is refused does not hold up the next one of its row', async () => {
  const tide = await stored()
  const { lists } = tide.tables
  const [refused, taken] = [lists.update('l1', { title: '' }), lists.update('l1', { title: 'b' })]
  await expect(refused).rejects.toMatchObject({ code: 'row-invalid' })
  expect(await taken).toMatchObject({ title: 'b' })
})

test('an update that changes nothing stores nothing', async () => {
  const tide = await stored()
  expect(await tide.tables.lists.update('l1', { title: 'Server' })).toMatchObject({ title: 'Server' })
  await told()
  expect(pending(tide)).toEqual([])
})

test('an update says only what has changed', async () => {
  const tide = await stored()
  await tide.tables.lists.update('l1', { title: 'Mine', color: 'blue' })
  await told()
  expect(tide.outbox.pending$.current?.map(({ patch }) => Object.keys(patch).sort())).toEqual([
    ['title', 'updated_at'],
  ])
})

test('the writes of a group see each other, and nobody else sees them before its end', async () => {
  const tide = await stored()
  const rows = tide.tables.lists.rows$({ orderBy: 'id' })
  rows.subscribe()
  await rows.ready
  await tide.write(async ({ tables }) => {
    await tables.lists.update('l1', { title: 'a' })
    await tables.lists.insert({ id: 'l2', title: 'b' })
    expect(await tables.lists.get('l1')).toMatchObject({ title: 'a' })
    await tables.lists.update('l2', { title: 'c' })
    await tables.lists.delete('l1')
    expect(await tables.lists.get('l1')).toBeNull()
    await expect(tables.lists.update('l1', { title: 'x' })).rejects.toMatchObject({ code: 'row-missing' })
    expect(rows.current?.map(({ title }) => title)).toEqual(['Server'])
  })
  expect(rows.current?.map(({ title }) => title)).toEqual(['c'])
  await told()
  const groups = new Set(tide.outbox.pending$.current?.map(({ group }) => group))
  expect([groups.size, groups.has(undefined)]).toEqual([1, false])
})

test('a group whose work throws has done nothing', async () => {
  const tide = await stored()
  const failing = tide.write(async ({ tables }) => {
    await tables.lists.insert({ id: 'l2', title: 'b' })
    throw new Error('changed my mind')
  })
  await expect(failing).rejects.toThrow('changed my mind')
  await told()
  expect(await tide.tables.lists.get('l2')).toBeNull()
  expect(pending(tide)).toEqual([])
})

test('a write before the start says what to do, and rejects instead of throwing', async () => {
  const tide = makeWorld().tab()
  await expect(tide.tables.lists.insert({ title: 'a' })).rejects.toMatchObject({ code: 'not-started' })
})

test('a delete that waits still knows its row as it was seen last', async () => {
  const tide = await stored()
  await tide.tables.lists.update('l1', { title: 'Renamed' })
  await tide.tables.lists.delete('l1')
  await told()
  expect(tide.outbox.pending$.current?.at(-1)).toMatchObject({ op: 'delete', base: { title: 'Renamed' } })
})
