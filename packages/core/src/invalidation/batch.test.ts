import fc from 'fast-check'
import { Subject } from 'rxjs'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { FeedEvent } from '../feeds/event.js'
import { batch } from './batch.js'
import type { BatchedEvent } from './coalesce.js'
import type { CollectOptions } from './collect.js'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const event = (more: Partial<FeedEvent> = {}): FeedEvent => ({
  type: 'wo',
  id: '1',
  factoryId: 'f1',
  action: 'update',
  ...more,
})

function collected(options: CollectOptions = {}) {
  const source = new Subject<FeedEvent>()
  const batches: (readonly BatchedEvent[])[] = []
  const subscription = source.pipe(batch(options)).subscribe((events) => batches.push(events))
  return { source, batches, subscription }
}

test('10 events in 200 ms are handled in at most 2 batches', () => {
  const { source, batches } = collected()
  for (let n = 0; n < 10; n += 1) {
    source.next(event({ version: n + 1 }))
    vi.advanceTimersByTime(20)
  }
  vi.advanceTimersByTime(1_000)
  expect(batches.length).toBeLessThanOrEqual(2)
  expect(batches.flat().at(-1)?.version).toBe(10)
})

test('a window lasts 300 ms from the first event, however many follow', () => {
  const { source, batches } = collected()
  source.next(event())
  vi.advanceTimersByTime(200)
  source.next(event({ id: '2' }))
  vi.advanceTimersByTime(99)
  expect(batches).toHaveLength(0)
  vi.advanceTimersByTime(1)
  expect(batches).toHaveLength(1)
  expect(batches[0]).toHaveLength(2)
  vi.advanceTimersByTime(10_000)
  expect(batches).toHaveLength(1)
})

test.each([
  [0, 250],
  [400, 400],
  [10_000, 500],
])('a window of %i ms lasts %i ms', (window, lasts) => {
  const { source, batches } = collected({ window })
  source.next(event())
  vi.advanceTimersByTime(lasts - 1)
  expect(batches).toHaveLength(0)
  vi.advanceTimersByTime(1)
  expect(batches).toHaveLength(1)
})

test('a flush emits at once what waits, and nothing when nothing does', () => {
  const flush$ = new Subject<void>()
  const { source, batches } = collected({ flush$ })
  flush$.next()
  expect(batches).toHaveLength(0)
  source.next(event())
  flush$.next()
  expect(batches).toHaveLength(1)
  expect(vi.getTimerCount()).toBe(0)
})

test('what waits is dropped when the subscriber leaves, emitted when the source ends; no timer is left behind', () => {
  const left = collected()
  left.source.next(event())
  left.subscription.unsubscribe()
  const ended = collected()
  ended.source.next(event())
  ended.source.complete()
  expect(vi.getTimerCount()).toBe(0)
  vi.advanceTimersByTime(1_000)
  expect(left.batches).toHaveLength(0)
  expect(ended.batches).toHaveLength(1)
  expect(ended.subscription.closed).toBe(true)
})

const events = fc.array(
  fc.record({
    type: fc.constantFrom('wo', 'lot'),
    id: fc.constantFrom('1', '2'),
    factoryId: fc.constantFrom('f1', 'f2'),
    action: fc.constantFrom('create', 'update', 'delete'),
    version: fc.integer({ min: 1, max: 9 }),
    patch: fc.dictionary(fc.constantFrom('a', 'b', 'c'), fc.nat(3)),
    gap: fc.integer({ min: 0, max: 200 }),
  }),
)
const nameOf = ({ type, id, factoryId, action }: FeedEvent) => [type, id, factoryId, action].join()

test('whatever comes, each document and action is told once a batch, with its highest version', () => {
  fc.assert(
    fc.property(events, (all) => {
      const { source, batches, subscription } = collected()
      const heard: FeedEvent[] = []
      const expected: Map<string, number>[] = []
      for (const { gap, ...one } of all) {
        const before = batches.length
        vi.advanceTimersByTime(gap)
        if (batches.length > before) expected.push(highest(heard.splice(0)))
        heard.push(one)
        source.next(one)
      }
      vi.advanceTimersByTime(500)
      if (heard.length > 0) expected.push(highest(heard))
      expect(batches.map((batched) => new Map(batched.map((one) => [nameOf(one), one.version])))).toEqual(
        expected,
      )
      expect(batches.map((batched) => batched.length)).toEqual(expected.map(({ size }) => size))
      subscription.unsubscribe()
    }),
  )
})

function highest(heard: readonly FeedEvent[]): Map<string, number> {
  const versions = new Map<string, number>()
  for (const one of heard)
    versions.set(nameOf(one), Math.max(versions.get(nameOf(one)) ?? 0, one.version ?? 0))
  return versions
}

test('patches of one document come together, later versions over earlier ones, in whatever order they arrive', () => {
  const versions = [3, 4, 5, 6].map((version) =>
    event({
      version,
      changedKeys: ['v', `k${version % 2}`],
      patch: { v: version, [`k${version % 2}`]: version },
    }),
  )
  fc.assert(
    fc.property(fc.shuffledSubarray(versions, { minLength: 4 }), (shuffled) => {
      const { source, batches } = collected()
      for (const one of shuffled) source.next(one)
      vi.advanceTimersByTime(500)
      const [merged] = batches.flat()
      expect(merged).toMatchObject({ version: 6, patch: { v: 6, k0: 6, k1: 5 } })
      expect(new Set(merged?.changedKeys)).toEqual(new Set(['v', 'k0', 'k1']))
    }),
  )
})

test('events come in the order in which they were last told: a document that was deleted and made again is there', () => {
  const { source, batches } = collected()
  for (const action of ['create', 'delete', 'create'] as const) source.next(event({ action }))
  vi.advanceTimersByTime(500)
  expect(batches.flat().map(({ action }) => action)).toEqual(['delete', 'create'])
})

test('where one event has no version, nobody knows which is newer, and no values are kept', () => {
  const { source, batches } = collected()
  source.next(event({ version: 3, patch: { a: 1 }, changedKeys: ['a'] }))
  source.next(event({ patch: { a: 2 }, changedKeys: ['a'] }))
  vi.advanceTimersByTime(500)
  expect(batches.flat()[0]).toEqual(event())
})
