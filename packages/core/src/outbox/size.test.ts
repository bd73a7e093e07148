import 'fake-indexeddb/auto'
import { expect, test } from 'vitest'
import { refused } from '../../test/memoryRemote.js'
import { mutation } from '../../test/outboxModel.js'
import { makeWorld, until, type Tide } from '../../test/world.js'
import { coalesce } from './coalesce.js'
import { bytesOf, checkSize, mostBytes } from './size.js'

const tooLarge = { name: 'TidemarkError', code: 'too-large', table: 'lists', key: 'l1' }
/** A title that brings a list to so many bytes more or less. */
const long = (bytes: number): string => 'x'.repeat(bytes)

async function offline(): Promise<{ tide: Tide; world: ReturnType<typeof makeWorld> }> {
  const world = makeWorld()
  const tide = world.tab()
  world.online$.next(false)
  await tide.start('user-a')
  return { tide, world }
}

test('bytes are counted as they go over the wire', () => {
  expect(bytesOf({ a: 'é' })).toBe(10)
  expect(bytesOf({ a: '"' })).toBe(10)
  const said = (bytes: number) => mutation({ key: 'k', op: 'insert', columns: { text: long(bytes) } })
  const around = bytesOf({ table: 'tasks', key: 'k', op: 'insert', values: { text: '' } })
  expect(() => checkSize([said(mostBytes - around)])).not.toThrow()
  expect(() => checkSize([said(mostBytes - around + 1)])).toThrow(/262145 bytes/)
  expect(() => checkSize([])).not.toThrow()
})

test('R2: a write that no request could carry is refused at once: nothing of it is seen, stored or sent', async () => {
  const { tide } = await offline()
  const rows = tide.tables.lists.rows$()
  rows.subscribe()
  await rows.ready
  const insert = tide.tables.lists.insert({ id: 'l1', title: '€'.repeat(90_000) })
  expect(rows.current).toEqual([])
  await expect(insert).rejects.toMatchObject({ ...tooLarge, fix: expect.stringContaining('Split it') })
  await tide.tables.lists.insert({ id: 'l1', title: 'Short' })
  await expect(tide.tables.lists.update('l1', { title: long(mostBytes) })).rejects.toMatchObject(tooLarge)
  expect(rows.current).toMatchObject([{ title: 'Short' }])
  expect(tide.outbox.pending$.current).toHaveLength(1)
  await tide.stop()
})

test('a group goes as one, and is refused as one when it is too large', async () => {
  const { tide } = await offline()
  const write = tide.write(async ({ tables }) => {
    for (const id of ['l1', 'l2', 'l3']) await tables.lists.insert({ id, title: long(100_000) })
  })
  await expect(write).rejects.toMatchObject(tooLarge)
  expect(await tide.tables.lists.get('l2')).toBeNull()
  await tide.stop()
})

test('an edit that makes a parked write too large leaves it parked', async () => {
  const { tide, world } = await offline()
  world.remote.before = () => {
    throw refused()
  }
  await tide.tables.lists.insert({ id: 'l1', title: 'Refused' })
  world.online$.next(true)
  await until('it is parked', () => tide.outbox.parked$.current?.length === 1)
  const id = tide.outbox.parked$.current?.[0]?.id ?? ''
  await expect(tide.outbox.edit(id, { title: long(mostBytes) })).rejects.toMatchObject(tooLarge)
  expect(tide.outbox.parked$.current).toHaveLength(1)
  await tide.stop()
})

test('two updates that fit into a request each, but not together, stay two', () => {
  const half = long(150_000)
  const first = mutation({ key: 'k', columns: { title: half } })
  expect(coalesce([first, mutation({ key: 'k', columns: { note: half } })]).outgoing).toHaveLength(2)
  expect(coalesce([first, mutation({ key: 'k', columns: { title: half } })]).outgoing).toHaveLength(1)
  expect(coalesce([first, mutation({ key: 'k', op: 'delete' })]).outgoing).toHaveLength(1)
})
