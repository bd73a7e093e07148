import fc from 'fast-check'
import { expect, test } from 'vitest'
import { changedColumns, omit, sameValue, type Columns } from './json.js'

const values = fc.oneof(
  { withCrossShrink: true },
  fc.constantFrom<unknown>(null, undefined, 0, -0, 1, 1n, '', 'a', true, Number.NaN),
  fc.date({ min: new Date(0), max: new Date(3), noInvalidDate: true }),
  fc.array(fc.constantFrom<unknown>(null, 1, 'a'), { maxLength: 2 }),
  fc.dictionary(fc.constantFrom('x', 'y'), fc.constantFrom<unknown>(null, 1, [1], { z: 'a' }), {
    maxKeys: 2,
    noNullPrototype: true,
  }),
)
const rows = fc.dictionary(fc.constantFrom('a', 'b', 'c'), values, {
  noNullPrototype: true,
}) as fc.Arbitrary<Columns>

test('a value and a deep copy of it are the same', () => {
  fc.assert(
    fc.property(values, (value) => {
      expect(sameValue(value, structuredClone(value))).toBe(true)
    }),
  )
})

test('two values are the same exactly when their content is', () => {
  fc.assert(
    fc.property(values, values, (a, b) => {
      const isEqual = (left: unknown, right: unknown): boolean => {
        try {
          expect(left).toStrictEqual(right)
          return true
        } catch {
          return false
        }
      }
      expect(sameValue(a, b)).toBe(isEqual(a, b))
      expect(sameValue(b, a)).toBe(sameValue(a, b))
    }),
    { numRuns: 500 },
  )
})

test('a list is not an object with the same parts, and a missing part is not an undefined one', () => {
  expect(sameValue([], {})).toBe(false)
  expect(sameValue(new Date(0), {})).toBe(false)
  expect(sameValue({ a: undefined }, { b: undefined })).toBe(false)
})

test('the changed columns turn the previous row into the next one, and none of them is unchanged', () => {
  fc.assert(
    fc.property(rows, rows, (previous, next) => {
      const changed = changedColumns(previous, next)
      expect({ ...previous, ...next }).toEqual({ ...previous, ...changed })
      for (const [name, value] of Object.entries(changed))
        expect(sameValue(previous[name], value)).toBe(false)
    }),
  )
})

test('omit copies a row without the named columns, and leaves the row as it is', () => {
  const row = Object.freeze({ a: 1, b: 2, c: 3 })
  expect(omit(row, ['b', 'd'])).toEqual({ a: 1, c: 3 })
  expect(omit(row, [])).not.toBe(row)
})
