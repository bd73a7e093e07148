import { expect, onTestFinished, test } from 'vitest'
import { z } from 'zod'
import { defineSchema, defineTable } from '../src/index.js'
import { makeBrowserWorld, type BrowserWorld } from './browserWorld.js'
import { refused } from './memoryRemote.js'
import { lists, schema, until } from './world.js'

/** The next version of the app: tasks have another key and another index, and a table is new. */
const later = defineSchema({
  version: 2,
  tables: {
    lists,
    tasks: defineTable({
      name: 'tasks',
      row: z.object({
        id: z.string(),
        list_id: z.string(),
        done: z.boolean().default(false),
        rank: z.number().default(0),
        updated_at: z.string(),
      }),
      key: ['list_id', 'id'],
      indexes: ['done'],
    }),
    labels: defineTable({
      name: 'labels',
      row: z.object({ id: z.string(), text: z.string(), updated_at: z.string() }),
      key: 'id',
    }),
  },
})

function world(): BrowserWorld {
  const made = makeBrowserWorld()
  onTestFinished(() => made.end())
  return made
}

/** A device with a row of the server, and without a network three writes that wait and one that was refused. */
async function filled(made: BrowserWorld) {
  made.remote.put(lists, { id: 'l1', user_id: 'user-a', title: 'Old', color: 'blue' }, false)
  const tide = made.tab(schema)
  await tide.start('user-a')
  await until('it is synced', () => tide.status$.current?.name === 'synced')
  made.remote.before = (method) => {
    if (method === 'remove') throw refused()
  }
  await tide.tables.lists.delete('l1')
  await until('the delete is parked', () => tide.outbox.parked$.current?.length === 1)
  made.remote.before = () => undefined
  made.online$.next(false)
  await tide.tables.lists.update('l1', { title: 'Mine' })
  await tide.write(async ({ tables }) => {
    await tables.lists.insert({ id: 'l2', title: 'New' })
    await tables.tasks.insert({ id: 't1', list_id: 'l2', rank: 3 })
  })
  return tide
}

const sentTasks = ({ remote }: BrowserWorld) => [...remote.rows('tasks').values()].map(({ id }) => id)

test('a schema upgrade keeps what waits in the outbox and what is parked, and sends it', async () => {
  const made = world()
  await (await filled(made)).stop()
  const tide = made.tab(later)
  await tide.start('user-a')
  const waiting = tide.tables.tasks.rows$({ where: { done: false } })
  expect(await waiting.ready).toMatchObject([{ id: 't1', rank: 3, _pending: true }])
  expect(tide.outbox.pending$.current).toHaveLength(3)
  expect(tide.outbox.parked$.current).toMatchObject([{ mutation: { op: 'delete', key: 'l1' } }])
  made.online$.next(true)
  await until('all is sent', () => tide.status$.current?.name === 'synced')
  expect(made.remote.rows('lists').get('l1')).toMatchObject({ title: 'Mine', color: 'blue' })
  expect(made.remote.rows('lists').has('l2')).toBe(true)
  expect(sentTasks(made)).toEqual(['t1'])
  const all = await tide.tables.lists.rows$({ orderBy: 'id' }).ready
  expect(all.map(({ id, title }) => [id, title])).toEqual([
    ['l1', 'Mine'],
    ['l2', 'New'],
  ])
  await tide.tables.labels.insert({ id: 'x', text: 'new table' })
  await until('the new table is sent too', () => made.remote.rows('labels').has('x'))
})

test('R10: a tab of the old version gives way to the new one, says so, and takes no write that it cannot keep', async () => {
  const made = world()
  const old = await filled(made)
  const shown = old.tables.lists.rows$()
  shown.subscribe()
  await shown.ready
  const next = made.tab(later)
  await next.start('user-a')
  await until('the old tab has noticed', () => old.status$.current?.name === 'storage-failed')
  expect(old.status$.current).toMatchObject({ error: { code: 'storage-superseded' } })
  await expect(old.tables.lists.insert({ id: 'l3', title: 'Too late' })).rejects.toMatchObject({
    name: 'StorageError',
  })
  expect(shown.current?.some(({ id }) => id === 'l3')).toBe(false)
  expect((await next.tables.lists.rows$({ orderBy: 'id' }).ready).map(({ id }) => id)).toEqual(['l2'])
  expect(next.outbox.pending$.current).toHaveLength(3)
  await old.stop()
  const reopened = made.tab(schema)
  const opening = reopened.start('user-a')
  await expect(opening).rejects.toMatchObject({ name: 'StorageError', code: 'storage-superseded' })
  expect(reopened.status$.current).toMatchObject({ error: { code: 'storage-superseded' } })
  made.online$.next(true)
  await until('the new tab leads and has sent all', () => next.status$.current?.name === 'synced')
  expect(sentTasks(made)).toEqual(['t1'])
})

test('an upgrade that another tab holds up says so, and goes on when that tab is closed', async () => {
  const made = world()
  await (await filled(made)).stop()
  const [name = ''] = await made.databases()
  // A page whose version change goes unheard, as one that is frozen.
  const holder = await new Promise<IDBDatabase>((resolve) => {
    const request = indexedDB.open(name)
    request.onsuccess = () => resolve(request.result)
  })
  const tide = made.tab(later)
  const opening = tide.start('user-a')
  await until('it says who is in the way', () => tide.status$.current?.name === 'storage-blocked')
  holder.close()
  await opening
  await until('it goes on', () => tide.status$.current?.name === 'offline')
  expect(tide.outbox.pending$.current).toHaveLength(3)
})
