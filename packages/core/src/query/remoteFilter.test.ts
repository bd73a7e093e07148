import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { parseLogic } from '../../test/logicGrammar.js'
import { things, wheres } from '../../test/things.js'
import { defineTable } from '../schema/defineTable.js'
import type { Table } from '../schema/table.js'
import type { Where } from './query.js'
import { keysetFilter, remoteFilter } from './remoteFilter.js'

describe('a where as a logic expression', () => {
  test.each<[Where | undefined, string | undefined]>([
    [undefined, undefined],
    [{}, undefined],
    [{ and: [{}, {}] }, undefined],
    [{ name: 'x' }, 'name.eq."x"'],
    [{ name: null }, 'name.is.null'],
    [{ not: { name: null } }, 'not.and(name.is.null)'],
    [{ done: true, n: { gte: 5 } }, 'and(done.eq."true",n.gte."5")'],
    [{ n: { gt: 1, lte: 2 } }, 'and(n.gt."1",n.lte."2")'],
    [{ n: { ne: 1 } }, 'n.neq."1"'],
    [{ name: { in: ['a', 'b,c'] } }, 'name.in.("a","b,c")'],
    [{ or: [{ name: null }, { n: 1, done: false }] }, 'or(name.is.null,and(n.eq."1",done.eq."false"))'],
    [{ n: { lt: Infinity } }, 'n.lt."Infinity"'],
    [{ data: { x: ['"'] } }, 'data.eq."{\\"x\\":[\\"\\\\\\"\\"]}"'],
    [{ data: { in: ['1', 1] } }, 'data.in.("\\"1\\"","1")'],
    [{ name: { in: [] } }, 'id.is.null'],
    [{ or: [] }, 'id.is.null'],
    [{ or: [{}, { n: 1 }] }, 'or(id.not.is.null,n.eq."1")'],
    [{ not: {} }, 'id.is.null'],
    [{ n: undefined, name: { gt: undefined } }, undefined],
  ])('%j is %s', (where, expected) => expect(remoteFilter(things, where)).toBe(expected))

  test('says values as the server does: the codec of the column encodes them', () => {
    const at = new Date(Date.UTC(2026, 0, 1))
    expect(remoteFilter(things, { at })).toBe('at.eq."2026-01-01T00:00:00.000Z"')
    expect(remoteFilter(things, { big: { in: [5n] } })).toBe('big.in.("5")')
  })

  test('asks for a list of one empty text as for the text, since PostgREST takes it for an empty list', () => {
    expect(remoteFilter(things, { name: { in: [''] } })).toBe('name.eq.""')
    expect(remoteFilter(things, { name: { in: ['', 'a'] } })).toBe('name.in.("","a")')
  })

  test('sends a value that the column itself would refuse: one may compare with it', () => {
    const row = z.object({ id: z.string(), age: z.number().positive(), born: z.date() })
    const people = defineTable({ name: 'people', key: 'id', row }) as unknown as Table
    expect(remoteFilter(people, { age: { gt: -1 } })).toBe('age.gt."-1"')
    expect(remoteFilter(people, { born: { lt: new Date(0) } })).toBe('born.lt."1970-01-01T00:00:00.000Z"')
  })

  test('refuses a column that is not declared, with the names of those that are', () => {
    for (const column of ['x', 'constructor', 'id.eq.1,name'])
      expect(() => remoteFilter(things, { [column]: 1 })).toThrow(
        expect.objectContaining({
          code: 'query-invalid',
          message: expect.stringContaining('id, team, name'),
        }),
      )
  })

  test('puts a name in quotes that could be read as more than a name', () => {
    const row = z.object({ id: z.string(), 'a.eq."b"': z.string() })
    const table = defineTable({ name: 'odd', key: 'id', row }) as unknown as Table
    const text = remoteFilter(table, { 'a.eq."b"': 'c' }) ?? ''
    expect(parseLogic(text)).toEqual({ column: 'a.eq."b"', negated: false, operator: 'eq', value: 'c' })
  })
})

describe('a keyset filter', () => {
  test('is the rows after a position, column by column', () => {
    expect(keysetFilter(['a'], { a: 1 })).toBe('a.gt."1"')
    expect(keysetFilter(['a', 'b', 'c'], { c: 3, b: 'x', a: 1 })).toBe(
      'or(a.gt."1",and(a.eq."1",b.gt."x"),and(a.eq."1",b.eq."x",c.gt."3"))',
    )
  })

  test('of a position that stops short stands after every row that agrees with it', () => {
    expect(keysetFilter(['updated_at', 'id'], { updated_at: '2026' })).toBe('updated_at.gt."2026"')
    expect(keysetFilter(['a', 'b', 'c'], { a: 1, c: 3 })).toBe('a.gt."1"')
  })

  test('refuses a position that is none', () => {
    for (const after of [{}, { b: 1 }, { a: null, b: 1 }])
      expect(() => keysetFilter(['a', 'b'], after)).toThrow(
        expect.objectContaining({ code: 'query-invalid' }),
      )
  })
})

describe('nothing that a value holds is read as grammar:', () => {
  /** Any text, with more of what means something to PostgREST. */
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc
      .array(fc.constantFrom(...'\\"(),.{}:*% ', 'null', 'or(', 'eq.', 'not.'))
      .map((parts) => parts.join('')),
  )
  const found = (where: Where) => parseLogic(remoteFilter(things, where) ?? '')

  test('a text comes back as it was', () =>
    fc.assert(
      fc.property(
        text,
        fc.constantFrom('eq', 'gt', 'gte', 'lt', 'lte'),
        (value, operator) =>
          void expect(found({ name: { [operator]: value } })).toEqual({
            column: 'name',
            negated: false,
            operator,
            value,
          }),
      ),
      { numRuns: 1_000 },
    ))

  test('so does a list of texts, but of one that is empty', () =>
    fc.assert(
      fc.property(
        fc.array(text, { minLength: 1 }).filter(([first, ...others]) => first !== '' || others.length > 0),
        (list) =>
          void expect(found({ name: { in: list } })).toEqual({
            column: 'name',
            negated: false,
            operator: 'in',
            value: list,
          }),
      ),
    ))

  test('so does JSON', () =>
    fc.assert(
      fc.property(
        fc.array(text),
        (list) =>
          void expect(JSON.parse((found({ data: { eq: list } }) as { value: string }).value)).toEqual(list),
      ),
    ))

  test('so does a position', () =>
    fc.assert(
      fc.property(
        text,
        text,
        (a, b) =>
          void expect(parseLogic(keysetFilter(['a', 'b'], { a, b }))).toMatchObject({
            kind: 'or',
            of: [
              { column: 'a', value: a },
              { kind: 'and', of: [{ value: a }, { column: 'b', operator: 'gt', value: b }] },
            ],
          }),
      ),
    ))

  test('every where is one expression', () =>
    fc.assert(
      fc.property(wheres, (where) => {
        const filter = remoteFilter(things, where)
        if (filter !== undefined) parseLogic(filter)
      }),
      { numRuns: 500 },
    ))
})
