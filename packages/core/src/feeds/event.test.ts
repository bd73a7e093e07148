import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isEvent, readEvent } from './event.js'

const event = { type: 'wo', id: '7', factoryId: 'f1', action: 'update' }

test('an event is read as it came, without what is unknown', () => {
  const whole = {
    ...event,
    changedKeys: ['title'],
    version: 3,
    ts: '2026-01-01T00:00:00Z',
    patch: { title: null },
  }
  expect(readEvent(whole)).toEqual(whole)
  expect(readEvent({ ...event, secret: 1 })).toEqual(event)
})

test.each([
  ['nothing', undefined, 'event'],
  ['a text', 'update', 'event'],
  ['a list', [event], 'event'],
  ['a missing id', { ...event, id: undefined }, 'id'],
  ['an empty id', { ...event, id: '' }, 'id'],
  ['a number as id', { ...event, id: 7 }, 'id'],
  ['an unknown action', { ...event, action: 'drop' }, 'action'],
  ['a version that is no number', { ...event, version: '3' }, 'version'],
  ['a version that is not finite', { ...event, version: Infinity }, 'version'],
  ['keys that are no texts', { ...event, changedKeys: [1] }, 'changedKeys.0'],
  ['a list as patch', { ...event, patch: [] }, 'patch'],
])('%s is no event, and the problem says where', (_, value, where) => {
  const read = readEvent(value)
  expect(isEvent(read)).toBe(false)
  expect(read).toMatchObject({ message: expect.stringContaining(`${where}: `), value })
})

test('whatever comes is an event or a problem, and never throws', () => {
  fc.assert(
    fc.property(fc.anything(), (value) => {
      const read = readEvent(value)
      if (isEvent(read)) expect(read.id).toBeTruthy()
      else expect(read.message).toBeTruthy()
    }),
  )
})
