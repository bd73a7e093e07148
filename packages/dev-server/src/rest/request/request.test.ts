import { describe, expect, it } from 'vitest'
import { nearest } from '../catalog/nearest.js'
import { negotiate } from './media.js'
import { parsePayload } from './payload.js'
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
    expect(() => negotiate('image/png')).toThrow('None of these media types are available: image/png')
  })
})

describe('a body', () => {
  it('goes on as the text it was', () => {
    expect(parsePayload(Buffer.from('{"a":1.10}'))).toEqual({
      rows: '[{"a":1.10}]',
      count: 1,
      keys: ['a'],
      isUniform: true,
    })
    expect(parsePayload(Buffer.from(' [{"a":1},{"b":2}] '))).toMatchObject({
      keys: ['a', 'b'],
      isUniform: false,
    })
  })

  it('is refused when it is no row', () => {
    for (const body of ['', '1', 'null', '[1]', '{', '[[]]']) {
      expect(() => parsePayload(Buffer.from(body)), body).toThrow('Empty or invalid json')
    }
  })
})

describe('the nearest name', () => {
  it('is the one that looks most alike, if one does', () => {
    expect(nearest('calender', ['events', 'calendars', 'calendar'])).toBe('calendar')
    expect(nearest('events', ['zzzzzzzzzzzz'])).toBeUndefined()
  })
})
