import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ModelServer, mutation, offlineQueues } from '../../test/outboxModel.js'
import { coalesce } from './coalesce.js'
import type { Mutation } from './mutation.js'

const insert = (key: string, columns = {}, table = 'tasks') =>
  mutation({ table, key, op: 'insert', columns: { id: key, ...columns } })
const update = (key: string, columns = {}, table = 'tasks') => mutation({ table, key, columns })
const remove = (key: string, table = 'tasks') => mutation({ table, key, op: 'delete' })
/** What is sent, in short. */
const sent = (...queue: Mutation[]) =>
  coalesce(queue).outgoing.map(({ op, key, columns }) => [op, key, columns])

test('R5: sending what a queue comes down to ends in the same rows as sending every write', () => {
  fc.assert(
    fc.property(offlineQueues, ({ before, mutations, after }) => {
      const server = new ModelServer(before)
      for (const entry of coalesce(mutations).outgoing) server.apply(entry)
      expect(new Map([...server.rows].sort())).toEqual(new Map([...after].sort()))
    }),
    { numRuns: 3_000 },
  )
})

test('every mutation is part of one entry, or gone: none twice, none lost', () => {
  fc.assert(
    fc.property(offlineQueues, ({ mutations }) => {
      const { outgoing, gone } = coalesce(mutations)
      const all = [...outgoing.flatMap((entry) => entry.mutations), ...gone]
      expect(all.map(({ id }) => id).sort()).toEqual(mutations.map(({ id }) => id).sort())
    }),
  )
})

test('a group is sent in one piece and on its own', () => {
  fc.assert(
    fc.property(offlineQueues, ({ mutations }) => {
      const groups = coalesce(mutations).outgoing.map((entry) => entry.mutations.map(({ group }) => group))
      for (const group of groups) expect(new Set(group).size).toBe(1)
      const runs = groups
        .map(([group]) => group)
        .filter((group, at, all) => at === 0 || group !== all[at - 1])
      const named = runs.filter((group) => group !== undefined)
      expect(named).toEqual([...new Set(named)])
    }),
  )
})

test('writes of one row become one: insert and update, update and update, update and delete', () => {
  expect(sent(insert('T1', { title: 'a' }), update('T1', { title: 'b', rank: 1 }))).toEqual([
    ['insert', 'T1', { id: 'T1', title: 'b', rank: 1 }],
  ])
  expect(sent(update('T1', { title: 'a', rank: 1 }), update('T1', { title: 'b' }))).toEqual([
    ['update', 'T1', { title: 'b', rank: 1 }],
  ])
  expect(sent(update('T1', { title: 'a' }), remove('T1'))).toEqual([['delete', 'T1', {}]])
})

test('a row that was inserted and deleted comes to nothing, with all that was said of it', () => {
  const queue = [insert('T1'), update('T1', { title: 'a' }), remove('T1'), insert('T2')]
  const { outgoing, gone } = coalesce(queue)
  expect(gone).toEqual(queue.slice(0, 3))
  expect(outgoing.map(({ key }) => key)).toEqual(['T2'])
})

test('the delete of a row whose insert may have reached the server is sent', () => {
  const queue = [insert('T1'), update('T1', { title: 'a' }), remove('T1')]
  const { outgoing, gone } = coalesce(queue, new Set([queue[0]?.id ?? '']))
  expect(gone).toEqual([])
  expect(outgoing).toMatchObject([{ op: 'delete', key: 'T1', columns: {}, mutations: queue }])
})

test('a row that is inserted again after its delete is neither lost nor folded into the delete', () => {
  expect(sent(remove('T1'), insert('T1', { title: 'new' }), update('T1', { title: 'newer' }))).toEqual([
    ['delete', 'T1', {}],
    ['insert', 'T1', { id: 'T1', title: 'newer' }],
  ])
})

test('foreign keys hold: a write stays behind the row that it refers to', () => {
  const order = sent(update('T1', { title: 'a' }), insert('L9', {}, 'lists'), update('T1', { list_id: 'L9' }))
  expect(order.map(([op, key]) => [op, key])).toEqual([
    ['update', 'T1'],
    ['insert', 'L9'],
    ['update', 'T1'],
  ])
})

test('foreign keys hold: a delete stays behind the writes that took references to the row away', () => {
  const order = sent(
    update('L1', { title: 'a' }, 'lists'),
    update('T1', { list_id: 'L2' }),
    remove('L1', 'lists'),
  )
  expect(order).toEqual([
    ['update', 'T1', { list_id: 'L2' }],
    ['delete', 'L1', {}],
  ])
})

test('a reference by a key of two columns is known by both of its parts', () => {
  const pair = mutation({ table: 'members', key: ['L1', 'u1'], op: 'insert' })
  const mention = insert('T1', { list_id: 'L1', user_id: 'u1' })
  const half = insert('T1', { list_id: 'L1', user_id: 'u2' })
  const change = mutation({ table: 'members', key: ['L1', 'u1'], columns: { role: 'x' } })
  expect(coalesce([pair, mention, change]).outgoing).toHaveLength(3)
  expect(coalesce([pair, half, change]).outgoing).toHaveLength(2)
})

test('server values are sent, and columns that only stand in are not', () => {
  const at = new Date(0)
  const first = mutation({
    op: 'insert',
    columns: { id: 'T1', at, total: 3 },
    wire: { at: '1970-01-01T00:00:00Z' },
    local: ['total'],
  })
  expect(sent(first)).toEqual([['insert', 'T1', { id: 'T1', at: '1970-01-01T00:00:00Z' }]])
})
