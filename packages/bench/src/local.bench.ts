import { Dexie, liveQuery, type EntityTable } from 'dexie'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { commands } from 'vitest/browser'
import { compare, timed, type Comparison } from './compare.js'
import { events, hour, makeEvents, makeTide, openRaw, putAll, type Event, type Tide } from './world.js'

const name = `bench-${crypto.randomUUID()}`
const all = makeEvents(100_000)
/** A month among eleven years. */
const month = { gte: 50_000 * hour, lt: 50_720 * hour }
/** A window of 10,000 rows. */
const wide = { gte: 20_000 * hour, lt: 30_000 * hour }
const table: string[] = []

let tide: Tide
let raw: IDBDatabase
let peer: Dexie & { events: EntityTable<Event, 'id'> }

beforeAll(async () => {
  tide = makeTide(name)
  await tide.start('bench')
  raw = await openRaw(name)
  for (let at = 0; at < all.length; at += 5_000) await putAll(raw, events.name, all.slice(at, at + 5_000))
  peer = new Dexie(`${name}-dexie`) as typeof peer
  peer.version(1).stores({ events: 'id, start_timestamp_ms' })
  await peer.open()
  await peer.events.bulkPut(all.slice(20_000, 30_000))
})
afterAll(async () => {
  await commands.writeFile('./results.txt', table.join('\n'))
  raw.close()
  await tide.signOut({ pending: 'discard' })
  await peer.delete()
})

function report(what: string, { ours, theirs, ratio }: Comparison, target: string): void {
  table.push(
    `${what}: ours ${ours.toFixed(2)} ms, theirs ${theirs.toFixed(2)} ms, ratio ${ratio.toFixed(3)} (target ${target})`,
  )
}

/** IndexedDB alone: one index, one range, one `getAll`. */
const rawRange = ({ gte, lt }: typeof month): Promise<unknown> =>
  new Promise((resolve, reject) => {
    const index = raw.transaction(events.name).objectStore(events.name).index('start_timestamp_ms')
    const request = index.getAll(IDBKeyRange.bound(gte, lt, false, true))
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error ?? new Error('getAll failed'))
  })

let round = 0
/** The first emission of a window. Each query differs in a bound that changes no result, so that no view is warm. */
const firstEmission = (range: typeof month): Promise<unknown> => {
  round += 1
  const where = { start_timestamp_ms: { gte: range.gte - round / 1_000, lt: range.lt } }
  return new Promise((resolve) => {
    const subscription = tide.tables.events
      .rows$({ where, orderBy: 'start_timestamp_ms' })
      .subscribe((rows) => {
        resolve(rows)
        queueMicrotask(() => subscription.unsubscribe())
      })
  })
}

test('a month out of 100,000 events is emitted within 1.1 × of IndexedDB reading it', async () => {
  const result = await compare(
    () => timed(() => firstEmission(month)),
    () => timed(() => rawRange(month)),
    { rounds: 61, warmUp: 10 },
  )
  report('first emission of a month of 720 events, by raw getAll', result, '≤ 1.1')
  expect(result.ratio).toBeLessThanOrEqual(1.1)
})

test('a window of 10,000 events is emitted within 1.1 × of IndexedDB reading it', async () => {
  const result = await compare(
    () => timed(() => firstEmission(wide)),
    () => timed(() => rawRange(wide)),
  )
  report('first emission of 10,000 events, by raw getAll', result, '≤ 1.1')
  expect(result.ratio).toBeLessThanOrEqual(1.1)
})

test('a write is seen in a window of 10,000 rows at least 30 × faster than by liveQuery', async () => {
  const rows = tide.tables.events.rows$({
    where: { start_timestamp_ms: wide },
    orderBy: 'start_timestamp_ms',
  })
  let seen: (title: string) => void = () => undefined
  const ours = rows.subscribe((list) => seen(list[5_000]?.title ?? ''))
  await rows.ready
  let seenByPeer: (title: string) => void = () => undefined
  const theirs = liveQuery(() =>
    peer.events.where('start_timestamp_ms').between(wide.gte, wide.lt).toArray(),
  ).subscribe((list) => seenByPeer(list[5_000]?.title ?? ''))
  await new Promise<void>((resolve) => (seenByPeer = () => resolve()))
  const id = all[25_000]?.id ?? ''
  let count = 0
  const result = await compare(
    () =>
      timed(() => {
        const title = `Ours ${(count += 1)}`
        const done = new Promise<void>((resolve) => (seen = (now) => now === title && resolve()))
        void tide.tables.events.update(id, { title })
        return done
      }),
    () =>
      timed(() => {
        const title = `Theirs ${(count += 1)}`
        const done = new Promise<void>((resolve) => (seenByPeer = (now) => now === title && resolve()))
        void peer.events.update(id, { title })
        return done
      }),
  )
  ours.unsubscribe()
  theirs.unsubscribe()
  report('write to seen in 10,000 rows, by Dexie liveQuery', result, '≤ 1/30')
  expect(result.ratio).toBeLessThanOrEqual(1 / 30)
})

test('1,000 writes in one turn are durable sooner than the same rows written to Dexie', async () => {
  let from = 200_000
  const result = await compare(
    () =>
      timed(() =>
        Promise.all(makeEvents(1_000, (from += 1_000)).map((event) => tide.tables.events.insert(event))),
      ),
    () => timed(() => peer.events.bulkPut(makeEvents(1_000, (from += 1_000)))),
    { rounds: 11 },
  )
  report('1,000 writes in one turn until durable, by Dexie bulkPut', result, '≤ 1')
  expect(result.ratio).toBeLessThanOrEqual(1)
})
