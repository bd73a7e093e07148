import { describe, expect, it } from 'vitest'
import type { Request } from '../../context.js'
import type { Level } from '../grammar/ast.js'
import { alike, nearest } from '../catalog/nearest.js'
import { byPreference } from './accept.js'
import { negotiate, nothingMore } from './media.js'
import { parsePayload } from './payload.js'
import { cutToRange } from './range.js'
import { appliedHeader, parsePreferences } from './preferences.js'

describe('the header Prefer', () => {
  it('may hold several preferences at once; of two that contradict each other the first holds', () => {
    expect(parsePreferences('return=minimal, count=exact,return=representation, max-affected=3')).toEqual({
      return: 'minimal',
      count: 'exact',
      maxAffected: 3,
    })
  })

  it('is refused when it is strict and nobody knows it', () => {
    expect(() => parsePreferences('handling=strict,count=all')).toThrow('Invalid preferences')
    expect(parsePreferences('count=all,constructor=x')).toEqual({})
  })

  it('may name a time zone, and choose the end of the transaction where that is allowed', () => {
    expect(parsePreferences('timezone=America/Los_Angeles, tx=rollback')).toEqual({
      timezone: 'America/Los_Angeles',
      tx: 'rollback',
    })
    expect(parsePreferences('tx=rollback', false)).toEqual({})
  })

  it('is answered with what was applied, in a fixed order', () => {
    const preferences = parsePreferences(
      'handling=strict,count=exact,max-affected=1,return=minimal,missing=default',
    )
    expect(appliedHeader(preferences, ['return', 'count', 'handling', 'maxAffected'])).toEqual({
      'Preference-Applied': 'return=minimal, count=exact, handling=strict, max-affected=1',
    })
    expect(appliedHeader({}, ['count'])).toEqual({})
  })
})

describe('the header Accept', () => {
  it('chooses the first form that is known', () => {
    expect(negotiate('text/html, text/csv').shape).toBe('csv')
    expect(negotiate('application/vnd.pgrst.object+json').shape).toBe('object')
    expect(negotiate('application/vnd.pgrst.array+json;nulls=stripped')).toMatchObject({
      shape: 'array',
      stripNulls: true,
    })
    expect(negotiate(undefined).shape).toBe('array')
    expect(negotiate('text/csv;q=0.5, application/json')).toMatchObject({ shape: 'array' })
    expect(negotiate('application/geo+json').contentType).toBe('application/geo+json; charset=utf-8')
    expect(() => negotiate('image/png')).toThrow('None of these media types are available: image/png')
  })

  it('prefers what weighs more, and then what leaves less open', () => {
    const order = (accept: string) => byPreference(accept).map(({ text }) => text)
    expect(order('a/b;q=0.2, */*, c/*, d/e, f/g;x="1,2;3"')).toEqual([
      'f/g;x="1,2;3"',
      'd/e',
      'c/*',
      '*/*',
      'a/b',
    ])
    expect(order('a/b;q=nothing, c/d;q=0.9;x=1')).toEqual(['a/b', 'c/d;x=1'])
    expect(order('a/b" , c/d')).toEqual(['a/b"', 'c/d'])
  })
})

describe('a plan', () => {
  it('is asked for with the form of the rows and its options, where it is allowed', () => {
    const wanted =
      'application/vnd.pgrst.plan+json; for="application/vnd.pgrst.object+json"; options=analyze|wal|x'
    expect(negotiate(wanted, { ...nothingMore, allowsPlans: true })).toEqual({
      shape: 'object',
      stripNulls: false,
      plan: { format: 'json', options: ['analyze', 'wal'] },
      contentType:
        'application/vnd.pgrst.plan+json; for="application/vnd.pgrst.object+json"; options=analyze|wal; charset=utf-8',
    })
    expect(() => negotiate(wanted)).toThrow('None of these media types are available')
  })
})

describe('a body', () => {
  const read = (text: string, type?: string, columns?: string[]) =>
    parsePayload(Buffer.from(text), type, columns)

  it('goes on as the text it was', () => {
    expect(read('{"a":1.10}')).toEqual({ rows: '[{"a":1.10}]', keys: ['a'] })
    expect(read(' [{"a":1.10}] ')).toEqual({ rows: '[{"a":1.10}]', keys: ['a'] })
    expect(read('[{"a":1},{"b":2}]', undefined, ['a', 'b'])).toEqual({
      rows: '[{"a":1},{"b":2}]',
      keys: ['a', 'b'],
    })
    expect(read('[]')).toEqual({ rows: '[]', keys: [] })
    expect(read('1')).toEqual({ rows: '[]', keys: [] })
  })

  it('may be CSV or a form', () => {
    const csv = 'id,"the name"\r\n1,"a, ""b""\nc"\n2,NULL\n'
    expect(JSON.parse(read(csv, 'text/csv; charset=utf-8').rows)).toEqual([
      { id: '1', 'the name': 'a, "b"\nc' },
      { id: '2', 'the name': null },
    ])
    expect(read('a=1&b=x+y', 'application/x-www-form-urlencoded')).toEqual({
      rows: '[{"a":"1","b":"x y"}]',
      keys: ['a', 'b'],
    })
  })

  it('is refused when it is not what it says, or its rows are not alike', () => {
    for (const body of ['', '{', '[', 'x']) expect(() => read(body), body).toThrow('Empty or invalid json')
    for (const body of ['[1]', '[[]]', '[{},1]', '[{"a":1},{"b":1}]', '[{"a":1},{"a":1,"b":1}]']) {
      expect(() => read(body), body).toThrow('All object keys must match')
    }
    expect(() => read('a,b\n1', 'text/csv')).toThrow('All lines must have same number of fields')
    expect(() => read('x', 'image/png')).toThrow('Content-Type not acceptable: image/png')
  })
})

describe('a page', () => {
  const page = (query: object, range?: string, method = 'GET') => {
    const request = { method, headers: range === undefined ? {} : { range } } as unknown as Request
    const level: Level = { where: [], order: [], offset: 0, ...query }
    const { offset, limit } = cutToRange(level, request)
    return [offset, limit]
  }

  it('is that of the parameters within that of the header, which counts only for GET', () => {
    expect(page({})).toEqual([0, undefined])
    expect(page({ limit: 5, offset: 2 })).toEqual([2, 5])
    expect(page({}, '3-7')).toEqual([3, 5])
    expect(page({ limit: 3, offset: 4 }, '5-')).toEqual([5, 2])
    expect(page({ limit: 3 }, '1-1', 'POST')).toEqual([0, 3])
    expect(page({ limit: 0, offset: 9 })).toEqual([9, 0])
    expect(page({}, 'bytes=0-1')).toEqual([0, undefined])
  })

  it('is refused when it holds nothing', () => {
    expect(() => page({ limit: -1 })).toThrow('Requested range not satisfiable')
    expect(() => page({}, '7-3')).toThrow('Requested range not satisfiable')
    expect(() => page({ limit: 2 }, '5-9')).toThrow('Requested range not satisfiable')
  })
})

describe('the nearest name', () => {
  it('is the one that looks most alike, if one does', () => {
    expect(nearest('calender', ['events', 'calendars', 'calendar'])).toBe('calendar')
    expect(nearest('events', ['zzzzzzzzzzzz'])).toBeUndefined()
    expect(nearest('ad', ['add'], alike)).toBeUndefined()
  })
})
