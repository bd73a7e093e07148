import 'fake-indexeddb/auto'
import { QueryClient, type QueryKey } from '@tanstack/query-core'
import { BehaviorSubject } from 'rxjs'
import { expect, onTestFinished, test, vi } from 'vitest'
import { makeCache, makeClient, show } from '../../test/cacheWorld.js'
import { VirtualTimers } from '../../test/virtualTimers.js'
import { browserPorts } from '../base/browserPorts.js'
import { keyDoc, keyListHeads } from './keys.js'
import type { PersistProblem } from './openBestRecords.js'
import { persistQueries, type PersistOptions } from './persistence.js'

const day = 86_400_000
const key = keyDoc('wo', '1')

/** A device: each call of `tab` is a tab, or a reload. */
function device() {
  const name = `t${crypto.randomUUID()}`
  let ahead = 0
  const tab = async (options: Partial<PersistOptions> = {}) => {
    const client = options.client ?? makeClient()
    const time = new VirtualTimers()
    const visible$ = new BehaviorSubject(true)
    const ports = { ...browserPorts, now: () => Date.now() + ahead, timer: time.timer, visible$ }
    const persistence = await persistQueries({ client, name, userId: 'ada', ports, ...options })
    const problems: PersistProblem[] = []
    persistence.problem$.subscribe((problem) => problems.push(problem))
    onTestFinished(() => persistence.stop())
    return { client, time, visible$, persistence, problems }
  }
  const databases = async () =>
    (await indexedDB.databases()).flatMap(({ name: one = '' }) =>
      one.startsWith(`tidemark:${name}`) ? one : [],
    )
  /** Changes what is stored behind the library's back. */
  const tamper = async (change: (store: IDBObjectStore) => void) => {
    const [database = ''] = await databases()
    const db = await new Promise<IDBDatabase>((resolve) => {
      const request = indexedDB.open(database)
      request.onsuccess = () => resolve(request.result)
    })
    const transaction = db.transaction('queries', 'readwrite')
    change(transaction.objectStore('queries'))
    await new Promise<void>((resolve) => (transaction.oncomplete = () => resolve()))
    db.close()
  }
  return { tab, databases, tamper, passTime: (ms: number) => void (ahead += ms) }
}
const dataOf = (client: QueryClient, queryKey: QueryKey = key) => client.getQueryData(queryKey)

test('what was cached is there after a reload, as old as it was, dates and all', async () => {
  const { tab } = device()
  const first = await tab()
  const data = { title: 'Saw', due: new Date(0), tags: new Set(['a']) }
  first.client.setQueryData(key, data, { updatedAt: Date.now() - 5_000 })
  const updatedAt = first.client.getQueryState(key)?.dataUpdatedAt
  await first.persistence.stop()
  const { client, persistence } = await tab()
  expect(persistence.kind).toBe('indexedDB')
  expect(dataOf(client)).toEqual(data)
  expect(client.getQueryState(key)?.dataUpdatedAt).toBe(updatedAt)
})

test('a change of one query among a thousand writes one record, a pause after it', async () => {
  const { tab } = device()
  const { client, time, persistence } = await tab()
  for (let n = 0; n < 1_000; n += 1) client.setQueryData(keyDoc('wo', `${n}`), { n })
  await persistence.flush()
  const put = vi.spyOn(IDBObjectStore.prototype, 'put')
  onTestFinished(() => put.mockRestore())
  client.setQueryData(key, { n: 'new' })
  client.setQueryData(key, { n: 'newer' })
  expect(put).not.toHaveBeenCalled()
  time.pass(1_000)
  await persistence.flush()
  expect(put).toHaveBeenCalledTimes(1)
  expect(put.mock.calls[0]?.[0]).toMatchObject({ key, data: { n: 'newer' } })
})

test('changes are stored when the page is hidden: it may never come back', async () => {
  const { tab } = device()
  const { client, visible$, time } = await tab()
  client.setQueryData(key, { title: 'Saw' })
  visible$.next(false)
  expect(time.waiting).toBe(0)
  await vi.waitFor(async () => expect(dataOf((await tab()).client)).toEqual({ title: 'Saw' }))
})

test('R7: another user reads nothing of it, and finds no name of the first', async () => {
  const { tab, databases } = device()
  const first = await tab()
  first.client.setQueryData(key, { title: 'Secret' })
  await first.persistence.stop()
  const second = await tab({ userId: 'ben' })
  expect(dataOf(second.client)).toBeUndefined()
  expect((await databases()).join()).not.toMatch(/ada|ben/)
  expect(await databases()).toHaveLength(2)
})

test('data of another buster, and data older than a day, is dropped', async () => {
  const { tab, passTime } = device()
  const first = await tab({ buster: 'v1' })
  first.client.setQueryData(key, { title: 'Saw' })
  await first.persistence.stop()
  passTime(day - 60_000)
  expect(dataOf((await tab({ buster: 'v1' })).client)).toBeDefined()
  expect(dataOf((await tab({ buster: 'v1', maxAge: day / 2 })).client)).toBeUndefined()
  const again = await tab({ buster: 'v2' })
  again.client.setQueryData(key, { title: 'Saw' })
  await again.persistence.stop()
  expect(dataOf((await tab({ buster: 'v1' })).client)).toBeUndefined()
  expect(dataOf((await tab({ buster: 'v2' })).client)).toBeUndefined()
})

test('data from before the clock was set back is of unknown age, and dropped', async () => {
  const { tab, passTime } = device()
  const first = await tab()
  first.client.setQueryData(key, { title: 'Saw' })
  await first.persistence.stop()
  passTime(-day)
  const { client, problems } = await tab()
  expect(dataOf(client)).toBeUndefined()
  expect(problems).toEqual([])
})

test('of two tabs that write the same query, the data that was fetched later stays; other queries meet', async () => {
  const { tab } = device()
  const [one, two] = [await tab(), await tab()]
  const now = Date.now()
  two.client.setQueryData(key, { title: 'Later' }, { updatedAt: now - 1_000 })
  await two.persistence.flush()
  one.client.setQueryData(key, { title: 'Earlier' }, { updatedAt: now - 2_000 })
  one.client.setQueryData(keyDoc('wo', '2'), { title: 'Other' })
  await one.persistence.flush()
  const { client } = await tab()
  expect(dataOf(client)).toEqual({ title: 'Later' })
  expect(dataOf(client, keyDoc('wo', '2'))).toEqual({ title: 'Other' })
})

test('corrupt records are dropped with a report, and the others are there', async () => {
  const { tab, tamper } = device()
  const first = await tab()
  first.client.setQueryData(key, { title: 'Saw' })
  await first.persistence.stop()
  await tamper((store) => {
    store.put('garbage', 'a')
    store.put({ key: 'no list', data: 1, updatedAt: 1, buster: '' }, 'b')
    store.put({ key: [1n], data: 1, updatedAt: Date.now(), buster: '' }, 'c')
    store.put(null, 'd')
  })
  const { client, problems, persistence } = await tab()
  expect(dataOf(client)).toEqual({ title: 'Saw' })
  expect(problems.map(({ hash }) => hash)).toEqual(['a', 'b', 'c', 'd'])
  await persistence.stop()
  expect((await tab()).problems).toEqual([])
})

test('a query that cannot be kept is a problem, and the others are kept', async () => {
  const { tab } = device()
  const first = await tab()
  first.client.setQueryData(keyDoc('wo', '2'), { run: () => undefined })
  first.client.setQueryData(key, { title: 'Saw' })
  await first.persistence.flush()
  expect(first.problems).toMatchObject([{ code: 'not-kept' }])
  expect(dataOf((await tab()).client)).toEqual({ title: 'Saw' })
})

test('an invalid query is invalid after a reload; what was fetched meanwhile is not covered by what was kept', async () => {
  const { tab } = device()
  const first = await tab()
  first.client.setQueryData(key, { title: 'Old' }, { updatedAt: Date.now() - 1_000 })
  first.client.setQueryData(keyListHeads('wo', 'f1'), [], { updatedAt: Date.now() - 1_000 })
  await first.client.invalidateQueries({ queryKey: key })
  await first.persistence.stop()
  const client = makeClient()
  client.setQueryData(keyListHeads('wo', 'f1'), ['fetched'])
  await tab({ client })
  expect(client.getQueryState(key)).toMatchObject({ data: { title: 'Old' }, isInvalidated: true })
  expect(dataOf(client, keyListHeads('wo', 'f1'))).toEqual(['fetched'])
})

test('a deleted document is gone from the device; one that only left memory is not', async () => {
  const { tab } = device()
  const { client, handle } = makeCache()
  const first = await tab({ client })
  client.setQueryData(key, { title: 'Deleted' })
  client.setQueryData(keyDoc('wo', '2'), { title: 'Kept' })
  await first.persistence.flush()
  handle({ action: 'delete' })
  client.removeQueries({ queryKey: keyDoc('wo', '2') })
  await first.persistence.stop()
  const second = await tab()
  expect(dataOf(second.client)).toBeUndefined()
  expect(dataOf(second.client, keyDoc('wo', '2'))).toEqual({ title: 'Kept' })
})

test('only what the app wants kept is kept', async () => {
  const { tab } = device()
  const first = await tab({ filter: ([kind]) => kind === 'doc' })
  first.client.setQueryData(key, {})
  first.client.setQueryData(['secret'], {})
  show(first.client, keyDoc('wo', '2'))
  await first.client.fetchQuery({ queryKey: keyDoc('wo', '3'), queryFn: () => 1, meta: { persist: false } })
  await first.persistence.stop()
  const { client } = await tab()
  expect(
    client
      .getQueryCache()
      .getAll()
      .map(({ queryKey }) => queryKey),
  ).toEqual([key])
})

test('clear forgets what is kept, and what waited to be', async () => {
  const { tab } = device()
  const { client, persistence } = await tab()
  client.setQueryData(key, {})
  await persistence.flush()
  client.setQueryData(keyDoc('wo', '2'), {})
  await persistence.clear()
  await persistence.stop()
  expect((await tab()).client.getQueryCache().getAll()).toEqual([])
})

test('R10: a handle that the browser closed is opened again', async () => {
  const { tab } = device()
  const opened = vi.spyOn(IDBFactory.prototype, 'open')
  onTestFinished(() => opened.mockRestore())
  const { client, persistence } = await tab()
  const handle: IDBDatabase = (opened.mock.results[0]?.value as IDBOpenDBRequest).result
  handle.close()
  client.setQueryData(key, { title: 'Saw' })
  await persistence.flush()
  expect(dataOf((await tab()).client)).toEqual({ title: 'Saw' })
})
