import fc from 'fast-check'
import { IDBFactory, IDBKeyRange } from 'fake-indexeddb'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { rows, shared, testsOn, things, wheres } from '../../test/things.js'
import type { Columns } from '../base/json.js'
import { indexColumns } from '../schema/indexes.js'
import type { Table } from '../schema/table.js'
import { planIndex, type IndexPlan, type KeyRange } from './indexPlan.js'
import { compilePredicate } from './predicate.js'
import type { Where } from './query.js'

const plan = (where: Where, table = things): IndexPlan => planIndex(table, where)
const indexOf = (where: Where, table = things): string | undefined => plan(where, table).index

describe('the index that is read', () => {
  test.each<[Where, string | undefined]>([
    [{}, undefined],
    [{ data: { x: 1 } }, undefined],
    [{ n: 1 }, 'n'],
    [{ n: 1, id: 'x' }, ''],
    [{ n: { gt: 1 }, name: 'x' }, 'name'],
    [{ n: { gt: 1 }, name: { in: ['x'] } }, 'name'],
    [{ n: 1, team: 'red' }, '[team+n]'],
    [{ n: { gt: 1 }, team: 'red' }, '[team+n]'],
    [{ n: 1, team: 'red', name: 'x' }, '[team+name+n]'],
    [{ team: 'red' }, undefined],
    [{ team: { gt: 'red' }, n: 1 }, 'n'],
    [{ and: [{ team: 'red' }, { n: { gte: 1 } }] }, '[team+n]'],
    [{ or: [{ n: 1 }] }, undefined],
    [{ not: { n: 1 } }, undefined],
  ])('for %j is %j', (where, index) => expect(indexOf(where)).toBe(index))

  test('is not one where a row that matches may be missing: null, booleans and bigints are no keys', () => {
    expect(indexOf({ n: null })).toBeUndefined()
    expect(indexOf({ n: { ne: 1 } })).toBeUndefined()
    expect(indexOf({ done: true })).toBeUndefined()
    expect(indexOf({ done: { gte: false } })).toBeUndefined()
    expect(indexOf({ big: 1n })).toBeUndefined()
    expect(indexOf({ big: { gt: 1n } })).toBeUndefined()
    expect(indexOf({ n: Number.NaN })).toBeUndefined()
    expect(indexOf({ n: { gt: 1, lt: Number.NaN } })).toBeUndefined()
    expect(indexOf({ n: { gt: 1, lt: 'b' } })).toBeUndefined()
    expect(indexOf({ team: 'red', n: null })).toBeUndefined()
  })

  test('of a key of several columns is the key only when all of them are given', () => {
    expect(plan({ team: 'red', id: '1' }, shared)).toEqual({
      index: '',
      ranges: [{ lower: ['red', '1'], upper: ['red', '1'] }],
      exact: true,
    })
    expect(indexOf({ team: 'red' }, shared)).toBeUndefined()
  })

  test('is none when it would take more than 64 ranges', () => {
    const upTo = (length: number) => Array.from({ length }, (_, at) => at)
    const teams = upTo(8).map(String)
    expect(plan({ team: { in: teams }, n: { in: upTo(8) } })).toMatchObject({ index: '[team+n]' })
    expect(plan({ team: { in: teams }, n: { in: upTo(9) } })).toMatchObject({ index: 'n' })
    expect(indexOf({ n: { in: upTo(65) } })).toBeUndefined()
  })
})

describe('the ranges', () => {
  const ranges = (where: Where): readonly KeyRange[] | undefined => {
    const found = plan(where)
    return found.index === undefined ? undefined : found.ranges
  }

  test('of conditions that no row meets are none', () => {
    for (const where of [
      { n: { in: [] } },
      { n: { gt: 2, lt: 1 } },
      { n: { gt: 1, lte: 1 } },
      { n: { gt: Infinity } },
      { name: { lt: '' } },
      { team: 'red', at: { gt: new Date(2), lt: new Date(1) } },
    ])
      expect([ranges(where), plan(where)]).toEqual([[], expect.objectContaining({ exact: true })])
    expect(ranges({ id: 'x', n: { in: [] } })).toEqual([])
  })

  test('with an open end stay within one kind of value', () => {
    expect(ranges({ name: { gt: 'b' } })).toEqual([
      { lower: 'b', lowerOpen: true, upper: [], upperOpen: true },
    ])
    expect(ranges({ n: { lte: 3 } })).toEqual([{ lower: -Infinity, upper: 3, upperOpen: false }])
    expect(ranges({ at: { gte: new Date(0) } })).toEqual([
      { lower: new Date(0), lowerOpen: false, upper: new Date(8.64e15) },
    ])
    expect(ranges({ at: { lt: new Date(0) } })).toEqual([
      { lower: new Date(-8.64e15), upper: new Date(0), upperOpen: true },
    ])
  })

  test('leave the second bound of an end to the predicate', () => {
    expect(plan({ n: { gt: 1, gte: 2, lt: 9, lte: 8 } })).toEqual({
      index: 'n',
      ranges: [{ lower: 1, lowerOpen: true, upper: 9, upperOpen: true }],
      exact: false,
    })
  })

  test('name a value once, however often a list does', () => {
    expect(ranges({ n: { in: [1, 0, 1, -0] } })).toHaveLength(2)
    expect(ranges({ at: { in: [new Date(1), new Date(1)] } })).toHaveLength(1)
  })
})

test('a plan is exact only when it says all that the where says', () => {
  const isExact = (where: Where) => (plan(where) as { exact?: boolean }).exact
  expect(isExact({ n: 1 })).toBe(true)
  expect(isExact({ n: { gt: 1 }, and: [{ n: { lt: 3 } }] })).toBe(true)
  expect(isExact({ team: 'red', n: { in: [1, 2] } })).toBe(true)
  expect(isExact({ n: { gt: 1, ne: 2 } })).toBe(false)
  expect(isExact({ n: 1, and: [{ n: 2 }] })).toBe(false)
  expect(isExact({ n: 1, done: true })).toBe(false)
  expect(isExact({ n: 1, or: [{ done: true }] })).toBe(false)
  expect(isExact({ n: 1, not: { done: true } })).toBe(false)
})

describe('on a database', () => {
  let db: IDBDatabase
  const path = (columns: readonly string[]) => (columns.length === 1 ? columns[0] : columns) as string
  const asked = <T>(request: IDBRequest<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result)
      request.onerror = () => reject(new Error('The request failed', { cause: request.error }))
    })

  beforeAll(async () => {
    const opening = new IDBFactory().open('plans')
    opening.onupgradeneeded = () => {
      for (const table of [things, shared]) {
        const store = opening.result.createObjectStore(table.name, { keyPath: path(table.key) })
        for (const index of table.indexes) store.createIndex(index, path(indexColumns(index)))
      }
    }
    db = await asked(opening)
  })
  afterAll(() => db.close())

  async function readBy(table: Table, where: Where, list: readonly Columns[]): Promise<Columns[]> {
    const store = db.transaction(table.name, 'readwrite').objectStore(table.name)
    store.clear()
    for (const row of list) store.put(row)
    const found = planIndex(table, where)
    if (found.index === undefined) return (await asked(store.getAll())).filter(compilePredicate(where))
    const source = found.index === '' ? store : store.index(found.index)
    const parts = await Promise.all(
      found.ranges.map(({ lower, upper, lowerOpen, upperOpen }) =>
        asked(source.getAll(IDBKeyRange.bound(lower, upper, lowerOpen, upperOpen))),
      ),
    )
    return found.exact ? parts.flat() : parts.flat().filter(compilePredicate(where))
  }

  /** Half of the questions name just the columns of one index, so that many are answered by it alone. */
  const questions = (table: Table) =>
    fc.oneof(
      wheres,
      fc.constantFrom(table.key, ...table.indexes.map(indexColumns)).chain((columns) => testsOn(columns)),
    )
  const ids = (list: readonly Columns[]) => list.map((row) => row['id'] as string).sort()

  test.each([things, shared])('a plan of $name reads the rows that match, each once', async (table) => {
    const used = new Set<string | undefined>()
    let exact = 0
    await fc.assert(
      fc.asyncProperty(rows, questions(table), async (list, where) => {
        const found = planIndex(table, where)
        used.add(found.index)
        if (found.index !== undefined && found.exact) exact += 1
        const matching = list.filter(compilePredicate(where))
        expect(ids(await readBy(table, where, list))).toEqual(ids(matching))
      }),
      { numRuns: 1_000 },
    )
    for (const index of ['', 'n', 'at', 'name', '[team+n]', '[team+at]', undefined])
      expect(used).toContain(index)
    expect(exact).toBeGreaterThan(50)
  })
})
