import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { rows, wheres } from '../../test/things.js'
import type { Columns } from '../base/json.js'
import { compilePredicate } from './predicate.js'
import type { Where } from './query.js'

const matches = (where: Where | undefined, row: Columns): boolean => compilePredicate(where)(row)
const ids = (where: Where, list: readonly Columns[]): unknown[] =>
  list.filter(compilePredicate(where)).map(({ id }) => id)

describe('a where', () => {
  test('without conditions matches every row', () => {
    expect(matches(undefined, {})).toBe(true)
    expect(matches({}, { a: 1 })).toBe(true)
    expect(matches({ a: undefined, b: { gt: undefined } }, { a: 1 })).toBe(true)
  })

  test.each<[Where, Columns, boolean]>([
    [{ a: 1 }, { a: 1 }, true],
    [{ a: 1 }, { a: '1' }, false],
    [{ a: { ne: 1 } }, { a: 2 }, true],
    [{ a: { gt: 1, lte: 3 } }, { a: 3 }, true],
    [{ a: { gt: 1, lte: 3 } }, { a: 1 }, false],
    [{ a: { gte: 'b' } }, { a: 'B' }, false],
    [{ a: { lt: true } }, { a: false }, true],
    [{ a: { in: ['x', 'y'] } }, { a: 'y' }, true],
    [{ a: { in: [] } }, { a: 'y' }, false],
    [{ a: 1, b: 2 }, { a: 1, b: 3 }, false],
  ])('%j of %j is %j', (where, row, expected) => expect(matches(where, row)).toBe(expected))

  test('compares bigints as numbers', () => {
    expect(matches({ a: { gt: 9n } }, { a: 10n })).toBe(true)
    expect(matches({ a: 10n }, { a: 10n })).toBe(true)
  })

  test('compares dates by their time', () => {
    const row = { a: new Date(5) }
    expect(matches({ a: new Date(5) }, row)).toBe(true)
    expect(matches({ a: { ne: new Date(5) } }, row)).toBe(false)
    expect(matches({ a: { in: [new Date(4), new Date(5)] } }, row)).toBe(true)
    expect(matches({ a: { gte: new Date(5), lt: new Date(6) } }, row)).toBe(true)
    expect(matches({ a: { gt: new Date(5) } }, row)).toBe(false)
  })

  test('compares lists and objects by what they hold', () => {
    const row = { a: { tags: ['x', { y: 1 }] } }
    expect(matches({ a: { tags: ['x', { y: 1 }] } }, row)).toBe(true)
    expect(matches({ a: { tags: ['x', { y: 2 }] } }, row)).toBe(false)
    expect(matches({ a: { in: [1, { tags: ['x', { y: 1 }] }] } }, row)).toBe(true)
  })

  test('takes an object for a condition only when all its keys are operators', () => {
    expect(matches({ a: { eq: 1, y: 2 } }, { a: { eq: 1, y: 2 } })).toBe(true)
    expect(matches({ a: {} }, { a: {} })).toBe(true)
    expect(matches({ a: { eq: { gt: 1 } } }, { a: { gt: 1 } })).toBe(true)
  })
})

describe('null is unknown, as in SQL:', () => {
  const comparisons: Where[] = [
    { a: 1 },
    { a: { ne: 1 } },
    { a: { lt: 1 } },
    { a: { gte: 1 } },
    { a: { in: [1] } },
  ]
  test.each(comparisons)('neither %j nor its opposite matches a null or a missing value', (where) => {
    for (const row of [{ a: null }, {}]) {
      expect(matches(where, row)).toBe(false)
      expect(matches({ not: where }, row)).toBe(false)
      expect(matches({ not: { not: where } }, row)).toBe(false)
    }
  })

  test('`eq: null` is `is null`, which is never unknown', () => {
    expect(matches({ a: null }, {})).toBe(true)
    expect(matches({ a: { eq: null } }, { a: null })).toBe(true)
    expect(matches({ not: { a: null } }, { a: 0 })).toBe(true)
  })

  test('an empty list holds nothing, whatever the value', () => {
    expect(matches({ not: { a: { in: [] } } }, { a: null })).toBe(true)
    expect(matches({ not: { or: [] } }, {})).toBe(true)
    expect(matches({ not: {} }, {})).toBe(false)
  })

  test('unknown gives way to false in `and`, and to true in `or`', () => {
    const row = { a: null, b: 1 }
    expect(matches({ or: [{ a: 1 }, { b: 1 }] }, row)).toBe(true)
    expect(matches({ not: { or: [{ a: 1 }, { b: 2 }] } }, row)).toBe(false)
    expect(matches({ not: { a: 1, b: 2 } }, row)).toBe(true)
    expect(matches({ not: { a: 1, b: 1 } }, row)).toBe(false)
  })
})

describe('whatever the rows and the where,', () => {
  const check = (law: (where: Where, list: Columns[]) => void) =>
    fc.assert(fc.property(wheres, rows, law), { numRuns: 500 })

  test('`not` twice changes nothing', () =>
    check((where, list) => void expect(ids({ not: { not: where } }, list)).toEqual(ids(where, list))))

  test('no row matches both a where and its opposite', () =>
    check((where, list) => void expect(ids({ and: [where, { not: where }] }, list)).toEqual([])))

  test('the opposite of `or` is that none matches', () =>
    fc.assert(
      fc.property(
        wheres,
        wheres,
        rows,
        (a, b, list) =>
          void expect(ids({ not: { or: [a, b] } }, list)).toEqual(
            ids({ and: [{ not: a }, { not: b }] }, list),
          ),
      ),
      { numRuns: 500 },
    ))

  test('`in` is the `or` of its values, and `ne` the `not` of `eq`', () =>
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 3 })), fc.option(fc.nat({ max: 3 })), (list, n) => {
        const each: Where = { or: list.map((one) => ({ n: one })) }
        expect(matches({ n: { in: list } }, { n })).toBe(matches(each, { n }))
        if (list.length > 0 || n !== null)
          expect(matches({ not: { n: { in: list } } }, { n })).toBe(matches({ not: each }, { n }))
        for (const one of list)
          expect(matches({ n: { ne: one } }, { n })).toBe(matches({ not: { n: one } }, { n }))
      }),
    ))
})
