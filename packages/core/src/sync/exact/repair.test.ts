import { IDBFactory } from 'fake-indexeddb'
import 'fake-indexeddb/auto'
import { expect, onTestFinished, test } from 'vitest'
import { MemoryRemote } from '../../../test/memoryRemote.js'
import { day, events, noon } from '../../../test/windowWorld.js'
import { browserPorts } from '../../base/browserPorts.js'
import type { Range } from '../../schema/table.js'
import { Database } from '../../store/database.js'
import { Store } from '../../store/store.js'
import { heldName, holding } from '../held.js'
import { markedRows } from './mark.js'
import { repair } from './repair.js'
import type { Position } from './state.js'

const whole: Position = {
  cookie: '1:1:',
  epoch: 'e',
  role: null,
  tables: ['events'],
  comparedAt: 0,
  stored: 1,
}
const none = Array.from({ length: 256 }, () => 0)
/** Today is held, and no other day. */
const today: Range = [noon(0) - day / 2, noon(0) + day / 2]

/** A store with a row of today and one of last week, and a server that has neither in the ranges it is asked for. */
async function begin() {
  const store = new Store(
    new Database(
      'repair-test',
      1,
      [events],
      { blocked: () => undefined, superseded: () => undefined },
      new IDBFactory(),
    ),
    [events],
    browserPorts.tabs(crypto.randomUUID()),
  )
  onTestFinished(() => store.close())
  await store.open()
  const server = [noon(0), noon(-7)].map((at) => ({
    id: String(at),
    at,
    text: '',
    updated_at: '',
    sync_seq: 1,
  }))
  const { rows } = markedRows(events, { rows: server, hashes: [1, 2] }, 0)
  await store.commit({ rows: [{ table: events, put: rows }], meta: holding(events, [today]) })
  const remote = Object.assign(new MemoryRemote(), {
    exact: {
      digest: () =>
        Promise.resolve({
          epoch: 'e',
          snapshot: '',
          tables: { events: { counts: none, xors: none, rows: [], hashes: [] } },
        }),
    },
  })
  const context = {
    store,
    remote,
    ports: browserPorts,
    userId: 'u',
    overlap: 0,
    coming: new Map(),
    pullSoon: () => undefined,
  }
  return { store, compare: () => repair(context as never, [events], undefined, whole) }
}

const write = (store: Store, at: number) =>
  store.write([
    {
      mutation: {
        id: `m${at}`,
        table: 'events',
        key: String(at),
        op: 'update',
        patch: { text: 'mine' },
        at: 0,
      },
      base: { id: String(at), at, text: '', updated_at: '' },
    },
  ])

test('rows that the server does not have, and rows outside what is held, go', async () => {
  const { store, compare } = await begin()
  expect(await compare()).toBe(true)
  expect(await store.read(events, {})).toEqual([])
})

test('R3: a row outside what is held stays while a write of it waits, since nobody asked the server for it', async () => {
  const { store, compare } = await begin()
  await write(store, noon(-7))
  await compare()
  expect(await store.read(events, {})).toMatchObject([{ id: String(noon(-7)), text: 'mine', _pending: true }])
})

test('a row of a held range that the server does not have goes, though a write of it waits', async () => {
  const { store, compare } = await begin()
  await write(store, noon(0))
  await compare()
  expect(await store.read(events, {})).toEqual([])
  expect(store.pending()).toHaveLength(1)
})

test('while it is not known what is held, no row goes', async () => {
  const { store, compare } = await begin()
  await store.commit({ meta: { [heldName(events)]: undefined } })
  await compare()
  expect(await store.read(events, {})).toHaveLength(2)
})
