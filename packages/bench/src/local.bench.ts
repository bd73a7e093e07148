import { Dexie, liveQuery, type EntityTable } from 'dexie'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
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
/** Views outlive their last subscriber by 5 s and are kept current: no test pays for those of the one before. */
beforeEach(() => new Promise((resolve) => setTimeout(resolve, 6_000)))
afterAll(async () => {
  console.log(['', ...table].join('\n'))
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

/** Notes when a subscriber is given a list in which a row has a certain title. */
class Sight {
  #list: readonly Event[] = []
  #waiting: { at: number; title: string; seen: (time: number) => void } | undefined

  see(list: readonly Event[]): void {
    this.#list = list
    const { at, title, seen } = this.#waiting ?? {}
    if (at !== undefined && list[at]?.title === title) seen?.(performance.now())
  }

  /** Resolves with the time at which the subscriber was given the title, in ms. */
  of(at: number, title: string): Promise<number> {
    return new Promise((seen) => {
      this.#waiting = { at, title, seen }
      this.see(this.#list)
    })
  }
}

/** From the call of a write to the moment at which a subscriber has it, in ms; ends when the write is stored. */
async function writeToSeen(
  sight: Sight,
  write: (title: string) => Promise<unknown>,
  title: string,
): Promise<number> {
  const seen = sight.of(5_000, title)
  const start = performance.now()
  const stored = write(title)
  const time = (await seen) - start
  await stored
  return time
}

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
  const query = { where: { start_timestamp_ms: wide }, orderBy: 'start_timestamp_ms' } as const
  const ours = tide.tables.events.rows$(query)
  const theirs = liveQuery(() => peer.events.where('start_timestamp_ms').between(wide.gte, wide.lt).toArray())
  const [seen, seenByPeer] = [new Sight(), new Sight()]
  const subscriptions = [
    ours.subscribe((list) => seen.see(list)),
    theirs.subscribe((list) => seenByPeer.see(list)),
  ]
  await Promise.all([
    seen.of(5_000, all[25_000]?.title ?? ''),
    seenByPeer.of(5_000, all[25_000]?.title ?? ''),
  ])
  const id = all[25_000]?.id ?? ''
  let count = 0
  const result = await compare(
    () => writeToSeen(seen, (title) => tide.tables.events.update(id, { title }), `Ours ${(count += 1)}`),
    () => writeToSeen(seenByPeer, (title) => peer.events.update(id, { title }), `Theirs ${(count += 1)}`),
    { rounds: 41 },
  )
  subscriptions.forEach((subscription) => subscription.unsubscribe())
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
