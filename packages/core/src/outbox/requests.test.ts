import fc from 'fast-check'
import { expect, test } from 'vitest'
import { mutation } from '../../test/outboxModel.js'
import { coalesce, type Outgoing } from './coalesce.js'
import { defaultLimits, nextRequest, type PushRequest, type RequestLimits } from './requests.js'

let made = 0
const entryOf = (said: Partial<Outgoing>): Outgoing => ({
  table: 'tasks',
  key: `T${(made += 1)}`,
  op: 'insert',
  columns: {},
  mutations: [],
  ...said,
})
const entries = fc
  .record({
    table: fc.constantFrom('tasks', 'tasks', 'lists'),
    op: fc.constantFrom('insert' as const, 'insert' as const, 'update' as const, 'delete' as const),
    columns: fc.record(
      { title: fc.constantFrom('a', 'a', 'b'), note: fc.string({ maxLength: 40 }) },
      { requiredKeys: ['title'] },
    ),
  })
  .map((said) => entryOf({ ...said, columns: said.op === 'delete' ? {} : said.columns }))
const queues = fc.array(entries, { maxLength: 60, size: 'max' })
const limitsOf = fc.record({ rows: fc.integer({ min: 1, max: 8 }), bytes: fc.integer({ min: 1, max: 400 }) })

function requestsOf(queue: readonly Outgoing[], limits?: RequestLimits): PushRequest[] {
  const requests: PushRequest[] = []
  let left = queue
  for (let next = nextRequest(left, limits); next; next = nextRequest(left, limits)) {
    requests.push(next)
    left = left.slice(next.entries.length)
  }
  return requests
}

test('R5: every entry leaves once, in its order', () => {
  fc.assert(
    fc.property(queues, limitsOf, (queue, limits) => {
      expect(requestsOf(queue, limits).flatMap(({ entries }) => entries)).toEqual(queue)
    }),
  )
})

test('no request is larger than its limits, except for a single row that is', () => {
  fc.assert(
    fc.property(queues, limitsOf, (queue, limits) => {
      for (const { entries } of requestsOf(queue, limits)) {
        const bytes = entries.reduce((sum, { columns }) => sum + JSON.stringify(columns).length, 0)
        expect(entries.length).toBeLessThanOrEqual(limits.rows)
        expect(entries.length === 1 || bytes <= limits.bytes).toBe(true)
      }
    }),
  )
})

test('a request carries one operation on one table, and its updates set the same values', () => {
  fc.assert(
    fc.property(queues, (queue) => {
      for (const { table, op, entries } of requestsOf(queue)) {
        expect(entries.every((entry) => entry.table === table && entry.op === op)).toBe(true)
        if (op === 'update') for (const { columns } of entries) expect(columns).toEqual(entries[0]?.columns)
      }
    }),
  )
})

test('a request is as long as it may be: two neighbours that could go together do', () => {
  fc.assert(
    fc.property(queues, (queue) => {
      const requests = requestsOf(queue)
      requests.slice(1).forEach((request, index) => {
        const both = [...(requests[index]?.entries ?? []), ...request.entries]
        expect(nextRequest(both)?.entries).toEqual(requests[index]?.entries)
      })
    }),
  )
})

test('keys of updates and deletes stand in the URL: a hundred at most, whatever the limits allow', () => {
  const updates = Array.from({ length: 250 }, () => entryOf({ op: 'update', columns: { done: true } }))
  expect(requestsOf(updates).map(({ entries }) => entries.length)).toEqual([100, 100, 50])
  const inserts = Array.from({ length: 700 }, () => entryOf({}))
  expect(requestsOf(inserts).map(({ entries }) => entries.length)).toEqual([500, 200])
})

test('1,000 mixed writes of an afternoon without a network come down to ten requests', () => {
  const ids = Array.from({ length: 300 }, (_, index) => `T${index}`)
  const queue = [
    ...ids.map((key) => mutation({ key, op: 'insert', columns: { id: key, title: 'draft' } })),
    ...ids.map((key, index) => mutation({ key, columns: { title: `Task ${index}` } })),
    ...ids.map((key) => mutation({ key, columns: { done: true } })),
    ...ids.slice(0, 100).map((key) => mutation({ key, op: 'delete' })),
  ]
  expect(queue).toHaveLength(1_000)
  const { outgoing, gone } = coalesce(queue)
  expect(gone).toHaveLength(400)
  expect(requestsOf(outgoing).map(({ op, entries }) => [op, entries.length])).toEqual([['insert', 200]])
  const known = [
    ...ids.map((key) => mutation({ key, columns: { done: true } })),
    ...ids.map((key) => mutation({ table: 'lists', key, op: 'delete' })),
    ...ids.map((key) => mutation({ key: `new ${key}`, op: 'insert', columns: { id: `new ${key}` } })),
  ]
  expect(requestsOf(coalesce(known).outgoing)).toHaveLength(7)
})

test('an empty queue makes no request, and the limits are those of the design', () => {
  expect(nextRequest([])).toBeUndefined()
  expect(defaultLimits).toEqual({ rows: 500, bytes: 262_144 })
})
