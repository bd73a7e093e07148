import fc from 'fast-check'
import { expect, test } from 'vitest'
import { orders, rows } from '../../test/things.js'
import { compileOrder, orderColumns } from './order.js'
import type { OrderBy } from './query.js'

const sorted = (orderBy: OrderBy | undefined, values: readonly unknown[]): unknown[] =>
  values
    .map((a, id) => ({ id, a }))
    .sort(compileOrder(orderBy, ['id']))
    .map(({ a }) => a)

test('every way to name an order means columns with directions', () => {
  expect(orderColumns(undefined)).toEqual([])
  expect(orderColumns('a')).toEqual([['a', 'asc']])
  expect(orderColumns({ b: 'desc', a: 'asc' })).toEqual([
    ['b', 'desc'],
    ['a', 'asc'],
  ])
  expect(orderColumns(['a', { c: 'desc' }])).toEqual([
    ['a', 'asc'],
    ['c', 'desc'],
  ])
})

test('nulls come last ascending and first descending, as in Postgres', () => {
  expect(sorted('a', [null, 2, undefined, 1])).toEqual([1, 2, null, undefined])
  expect(sorted({ a: 'desc' }, [1, null, 2])).toEqual([null, 2, 1])
})

test('false comes before true, and dates are ordered by their time', () => {
  expect(sorted('a', [true, null, false])).toEqual([false, true, null])
  expect(sorted({ a: 'desc' }, [new Date(1), new Date(20)])).toEqual([new Date(20), new Date(1)])
})

test('equal rows are told apart by the key, ascending, whatever the direction', () => {
  const order = compileOrder({ a: 'desc' }, ['k', 'l'])
  const list = [
    { a: new Date(1), k: 'y', l: 1 },
    { a: new Date(1), k: 'x', l: 2 },
    { a: new Date(1), k: 'x', l: 1 },
  ]
  expect([...list].sort(order)).toEqual([list[2], list[1], list[0]])
})

test('it is a total order: of two rows one comes first, and the order of three never goes round', () =>
  fc.assert(
    fc.property(orders, rows, (orderBy, list) => {
      const order = compileOrder(orderBy, ['id'])
      const some = list.slice(0, 8)
      for (const a of some)
        for (const b of some) {
          expect(Math.sign(order(a, b)) + Math.sign(order(b, a))).toBe(0)
          expect(order(a, b) === 0).toBe(a === b)
          for (const c of some) if (order(a, b) < 0 && order(b, c) < 0) expect(order(a, c)).toBeLessThan(0)
        }
    }),
  ))

test('rows sort the same from wherever they start', () => {
  const shuffledTwice = rows.chain((list) =>
    fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })),
  )
  fc.assert(
    fc.property(orders, shuffledTwice, (orderBy, [list, shuffled]) => {
      const order = compileOrder(orderBy, ['id'])
      expect([...shuffled].sort(order)).toEqual([...list].sort(order))
    }),
  )
})
