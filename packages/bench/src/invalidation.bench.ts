import { createAsyncStoragePersister } from '@tanstack/query-async-storage-persister'
import { QueryClient, QueryObserver } from '@tanstack/query-core'
import { persistQueryClient } from '@tanstack/query-persist-client-core'
import {
  batch,
  Handler,
  keyDoc,
  keyList,
  keyListHeads,
  persistQueries,
  type FeedEvent,
} from '@tidemark/core/invalidation'
import { Subject } from 'rxjs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { cdp } from 'vitest/browser'
import { compare } from './compare.js'

const table: string[] = []
afterAll(() => console.log(['', ...table].join('\n')))

interface Order {
  readonly id: string
  readonly version: number
  readonly title: string
  readonly lines: readonly { readonly part: string; readonly count: number }[]
}
const orderOf = (n: number): Order => ({
  id: `${n}`,
  version: 1,
  title: `Order ${n}`,
  lines: Array.from({ length: 20 }, (_, line) => ({ part: `Part ${line}`, count: n })),
})

/** A cache of documents; the first hundred, and a list, are shown. */
function makeCache(documents: number): { client: QueryClient; close: () => void } {
  const client = new QueryClient({ defaultOptions: { queries: { staleTime: Infinity, gcTime: Infinity } } })
  const stops = Array.from({ length: documents }, (_, n) => {
    const queryKey = keyDoc('wo', `${n}`)
    client.setQueryData(queryKey, orderOf(n))
    if (n >= 100) return undefined
    return new QueryObserver(client, { queryKey, queryFn: () => orderOf(n) }).subscribe(() => undefined)
  })
  const heads = { queryKey: keyListHeads('wo', 'f1'), queryFn: () => [] as Order[], initialData: [] }
  stops.push(new QueryObserver(client, heads).subscribe(() => undefined))
  return {
    client,
    close: () => {
      for (const stop of stops) stop?.()
      client.clear()
    },
  }
}

const eventOf = (n: number, documents: number): FeedEvent => ({
  type: 'wo',
  id: `${n % documents}`,
  factoryId: 'f1',
  action: 'update',
  version: 2 + Math.floor(n / documents),
  changedKeys: ['title'],
  patch: { title: `Title ${n}` },
})

function timedNow(work: () => void): number {
  const start = performance.now()
  work()
  return performance.now() - start
}

/** Sends events in batches, as windows cut them. */
function handle(client: QueryClient, events: readonly FeedEvent[], inOneBatch: number): void {
  const handler = new Handler(client)
  const source = new Subject<FeedEvent>()
  const flush$ = new Subject<void>()
  const subscription = source.pipe(batch({ flush$ })).subscribe((batched) => handler.handle(batched, 'f1'))
  events.forEach((event, at) => {
    source.next(event)
    if ((at + 1) % inOneBatch === 0) flush$.next()
  })
  flush$.next()
  subscription.unsubscribe()
  handler.stop()
}

/** A metric of the page; times are those that its thread has worked, in s, not those that have passed. */
async function metric(name: 'TaskDuration' | 'JSHeapUsedSize'): Promise<number> {
  const { metrics } = await cdp().send('Performance.getMetrics')
  return metrics.find((one) => one.name === name)?.value ?? Number.NaN
}

/** What is in use once nothing is left to collect, in MB. */
async function heap(): Promise<number> {
  await cdp().send('HeapProfiler.collectGarbage')
  return (await metric('JSHeapUsedSize')) / 1e6
}

beforeAll(() => cdp().send('Performance.enable', { timeDomain: 'threadTicks' }))

test('100,000 events through batcher and handler onto 1,000 queries take less than a second of work, and leave nothing', async () => {
  const { client, close } = makeCache(1_000)
  const times: number[] = []
  const heaps: number[] = []
  for (let round = 0; round < 3; round += 1) {
    const events = Array.from({ length: 100_000 }, (_, n) => eventOf(n + round * 100_000, 1_000))
    const start = await metric('TaskDuration')
    handle(client, events, 1_000)
    await new Promise((resolve) => setTimeout(resolve))
    times.push((await metric('TaskDuration')) - start)
    events.length = 0
    heaps.push(await heap())
  }
  const [time = Number.NaN] = times.sort((a, b) => a - b).slice(1)
  const growth = (heaps[2] ?? Number.NaN) - (heaps[1] ?? Number.NaN)
  table.push(
    `100,000 events onto 1,000 queries, in batches of 1,000: ${time.toFixed(2)} s of work (target 1), ` +
      `${growth.toFixed(2)} MB more in use than after the 100,000 before (target 1)`,
  )
  expect(client.getQueryData<Order>(keyDoc('wo', '0'))?.title).toBe('Title 299000')
  close()
  expect(time).toBeLessThan(1)
  expect(growth).toBeLessThan(1)
})

test('one event onto a cache of 10,000 queries takes less than a millisecond', async () => {
  const { client, close } = makeCache(10_000)
  const handler = new Handler(client)
  const times = { update: [] as number[], create: [] as number[] }
  for (let n = 0; n < 200; n += 1) {
    for (const action of ['update', 'create'] as const) {
      const event = { ...eventOf(n + 5_000, 10_000), action, version: n + 2 }
      times[action].push(timedNow(() => handler.handle([event], 'f1')))
      await new Promise((resolve) => setTimeout(resolve))
    }
  }
  for (const [action, some] of Object.entries(times)) {
    const median = some.sort((a, b) => a - b)[100] ?? Number.NaN
    table.push(`one ${action} onto 10,000 queries: ${median.toFixed(3)} ms (target 1)`)
    expect(median).toBeLessThan(1)
  }
  handler.stop()
  close()
})

/** How long the page's thread works for a change, on average of twenty, in ms. Waiting for the disk is no work. */
async function workOf(change: () => Promise<unknown>): Promise<number> {
  const start = await metric('TaskDuration')
  for (let n = 0; n < 20; n += 1) await change()
  return (((await metric('TaskDuration')) - start) / 20) * 1_000
}

/** Texts by name in IndexedDB, as apps keep TanStack's persisted cache. */
async function openTexts(name: string) {
  const db = await new Promise<IDBDatabase>((resolve, reject) => {
    const request = indexedDB.open(name)
    request.onupgradeneeded = () => request.result.createObjectStore('texts')
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error ?? new Error('open failed'))
  })
  let stored: () => void = () => undefined
  const change = (work: (store: IDBObjectStore) => void) =>
    new Promise<void>((resolve) => {
      const transaction = db.transaction('texts', 'readwrite', { durability: 'relaxed' })
      work(transaction.objectStore('texts'))
      transaction.oncomplete = () => resolve()
    })
  return {
    /** Resolves when a text is stored next. */
    next: () => new Promise<void>((resolve) => (stored = resolve)),
    close: () => db.close(),
    getItem: () => null,
    setItem: async (key: string, text: string) => {
      await change((store) => store.put(text, key))
      stored()
    },
    removeItem: (key: string) => change((store) => store.delete(key)),
  }
}

/** 900 documents of 1 kB and 100 pages of 20 of them. */
function makeLargeCache(): ReturnType<typeof makeCache> {
  const cache = makeCache(900)
  for (let n = 0; n < 100; n += 1) {
    const page = Array.from({ length: 20 }, (_, row) => orderOf(n * 20 + row))
    cache.client.setQueryData(keyList('wo', 'f1', n + 2), page)
  }
  return cache
}

let title = 0
const change = (client: QueryClient): void =>
  void client.setQueryData(keyDoc('wo', '7'), { ...orderOf(7), title: `${(title += 1)}` })

/** Keeps each query by itself. */
async function keepOurs(name: string) {
  const { client } = makeLargeCache()
  const persistence = await persistQueries({ client, name, userId: 'bench' })
  await persistence.flush()
  const keep = () => {
    change(client)
    return persistence.flush()
  }
  return { keep, close: () => persistence.clear().then(() => persistence.stop()) }
}

/** Keeps the whole cache as one text. */
async function keepTheirs(name: string) {
  const { client } = makeLargeCache()
  const texts = await openTexts(name)
  const persister = createAsyncStoragePersister({ storage: texts, throttleTime: 0 })
  // It brings another copy of the same class.
  const queryClient = client as unknown as Parameters<typeof persistQueryClient>[0]['queryClient']
  const [unsubscribe, restored] = persistQueryClient({ queryClient, persister })
  await restored
  const keep = () => {
    const stored = texts.next()
    change(client)
    return stored
  }
  const close = () => {
    unsubscribe()
    texts.close()
  }
  return { keep, close }
}

test('keeping a change of one query of 1,000 is a twentieth of the work of keeping the whole cache', async () => {
  const name = `bench-${crypto.randomUUID()}`
  const [one, other] = [await keepOurs(name), await keepTheirs(`${name}-texts`)]
  const { ours, theirs, ratio } = await compare(
    () => workOf(one.keep),
    () => workOf(other.keep),
    { rounds: 7, warmUp: 2 },
  )
  table.push(
    `one change of 1,000 queries kept: ours ${ours.toFixed(3)} ms of work, ` +
      `TanStack's whole cache ${theirs.toFixed(3)} ms, ratio ${ratio.toFixed(3)} (target 0.05)`,
  )
  await one.close()
  other.close()
  expect(ratio).toBeLessThan(1 / 20)
})
