import fc from 'fast-check'
import { expect, test } from 'vitest'
import { orders, rows, things } from '../../test/things.js'
import type { Columns } from '../base/json.js'
import { compileOrder } from '../query/order.js'
import { rowId } from '../schema/key.js'
import { SortedRows } from './sortedRows.js'

type Entry = readonly [id: string, row: Columns | null]

/** Rows come and go under few ids, so that most changes meet a row that is there. */
const entries = rows.chain((list) =>
  fc.array(
    fc
      .tuple(fc.constantFrom('a', 'b', 'c', 'd', 'e'), fc.constantFrom<Columns | null>(null, ...list))
      .map(([id, row]): Entry => [id, row && { ...row, id }]),
    { maxLength: 40, size: 'max' },
  ),
)
const compareOf = (order: Parameters<typeof compileOrder>[0]) => compileOrder(order, things.key)

/** What the rows should be: all of them sorted as a whole. */
function sortedWhole(
  model: ReadonlyMap<string, Columns>,
  order: Parameters<typeof compileOrder>[0],
): Columns[] {
  return [...model.values()].sort(compareOf(order))
}

function change(model: Map<string, Columns>, [id, row]: Entry): boolean {
  const isChange = row !== null || model.has(id)
  if (row === null) model.delete(id)
  else model.set(id, row)
  return isChange
}

test('after any sequence of changes the rows are those of a sort of the whole, the same objects', () => {
  fc.assert(
    fc.property(orders, entries, (order, list) => {
      const sorted = new SortedRows(compareOf(order))
      const model = new Map<string, Columns>()
      for (const entry of list) {
        expect(sorted.set(...entry)).toBe(change(model, entry))
        const expected = sortedWhole(model, order)
        const snapshot = sorted.snapshot(Infinity)
        expect(snapshot.length).toBe(expected.length)
        expected.forEach((row, index) => expect(snapshot[index]).toBe(row))
        expect(sorted.size).toBe(model.size)
      }
      for (const id of ['a', 'b', 'c', 'd', 'e']) expect(sorted.get(id)).toBe(model.get(id))
    }),
  )
})

test('many changes at once come to the same as one by one, few or many of them', () => {
  fc.assert(
    fc.property(orders, entries, fc.integer({ min: 0, max: 400 }), (order, list, size) => {
      const first = Array.from({ length: size }, (_, index) => ({
        ...list[0]?.[1],
        id: 'abcde'[index] ?? `row ${index}`,
      }))
      const sorted = new SortedRows(compareOf(order))
      sorted.setMany(first.map((row) => [rowId(things, row), row] as const))
      const before = [...sorted.snapshot(Infinity)]
      const model = new Map<string, Columns>(first.map((row) => [row.id, row]))
      const changed = list.map((entry) => change(model, entry)).includes(true)
      expect(sorted.setMany(list)).toBe(changed)
      expect(sorted.snapshot(Infinity)).toEqual(sortedWhole(model, order))
      if (!changed) expect(sorted.snapshot(Infinity)).toEqual(before)
    }),
    { numRuns: 300 },
  )
})

test('many rows that only go are a change, if one of them was there', () => {
  const sorted = new SortedRows(compareOf('id'))
  sorted.setMany(['a', 'b'].map((id) => [id, { id }] as const))
  expect(sorted.setMany([['x', null]])).toBe(false)
  expect(
    sorted.setMany([
      ['a', null],
      ['x', null],
    ]),
  ).toBe(true)
  expect(sorted.snapshot(Infinity)).toEqual([{ id: 'b' }])
})

test('a snapshot is the same array until something changes, and never changes itself', () => {
  fc.assert(
    fc.property(orders, entries, fc.integer({ min: 0, max: 4 }), (order, list, limit) => {
      const sorted = new SortedRows(compareOf(order))
      const model = new Map<string, Columns>()
      for (const entry of list) {
        const before = sorted.snapshot(limit)
        const copy = [...before]
        expect(sorted.snapshot(limit)).toBe(before)
        const changed = sorted.set(...entry)
        change(model, entry)
        expect(before).toEqual(copy)
        if (!changed) expect(sorted.snapshot(limit)).toBe(before)
        expect(sorted.snapshot(limit)).toEqual(sortedWhole(model, order).slice(0, limit))
      }
    }),
  )
})
