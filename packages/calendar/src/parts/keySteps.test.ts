import { expect, test } from 'vitest'
import { changeBy, stepKeys, stepOf, type KeyStep } from './keySteps.js'

const none = { altKey: false, shiftKey: false, ctrlKey: false, metaKey: false }
const alt = (key: string) => ({ ...none, altKey: true, key })
const altShift = (key: string) => ({ ...alt(key), shiftKey: true })
const zone = 'Europe/Berlin'

const timed = (start: string, minutes: number) => ({
  start_timestamp_ms: Date.parse(start),
  end_timestamp_ms: Date.parse(start) + minutes * 60_000,
  all_day: false,
})
const allDay = (start: string, days: number) => ({ ...timed(start, days * 1440), all_day: true })
const by = (what: KeyStep['what'], days: number, minutes = 0): KeyStep => ({ what, days, minutes })

test('arrows with Alt move by a day in reading direction, and by a week or 15 minutes', () => {
  expect(stepOf(alt('ArrowRight'), 'month', 'ltr')).toEqual(by('move', 1))
  expect(stepOf(alt('ArrowRight'), 'month', 'rtl')).toEqual(by('move', -1))
  expect(stepOf(alt('ArrowLeft'), 'week', 'rtl')).toEqual(by('move', 1))
  expect(stepOf(alt('ArrowUp'), 'month', 'ltr')).toEqual(by('move', -7))
  expect(stepOf(alt('ArrowDown'), 'week', 'ltr')).toEqual(by('move', 0, 15))
})

test('with Shift they resize, and every other key is left alone', () => {
  expect(stepOf(altShift('ArrowDown'), 'week', 'ltr')).toEqual(by('resize', 0, 15))
  expect(stepOf(altShift('ArrowLeft'), 'month', 'ltr')).toEqual(by('resize', -1))
  expect(stepOf({ ...none, key: 'ArrowRight' }, 'month', 'ltr')).toBeUndefined()
  expect(stepOf(alt('Enter'), 'month', 'ltr')).toBeUndefined()
  expect(stepOf({ ...alt('ArrowRight'), ctrlKey: true }, 'month', 'ltr')).toBeUndefined()
  expect(stepOf({ ...alt('ArrowRight'), metaKey: true }, 'month', 'ltr')).toBeUndefined()
  expect(stepKeys.split(' ')).toHaveLength(8)
  for (const keys of stepKeys.split(' ')) {
    const pressed = (keys.includes('Shift') ? altShift : alt)(keys.split('+').at(-1) ?? '')
    expect(stepOf(pressed, 'week', 'ltr')).toBeDefined()
  }
})

test('a day goes by the clocks of the zone: nine stays nine when summer time begins and ends', () => {
  const move = (start: string, days: number) => changeBy(timed(start, 60), by('move', days), zone)?.patch
  expect(move('2026-03-28T09:00:00+01:00', 1)).toEqual({ start_time: '2026-03-29T07:00:00.000Z' })
  expect(move('2026-03-29T09:00:00+02:00', -1)).toEqual({ start_time: '2026-03-28T08:00:00.000Z' })
  expect(move('2026-10-24T09:00:00+02:00', 7)).toEqual({ start_time: '2026-10-31T08:00:00.000Z' })
})

test('15 minutes are 15 minutes in the night in which clocks are changed, there and back', () => {
  const before = timed('2026-03-29T01:45:00+01:00', 60)
  const after = changeBy(before, by('move', 0, 15), zone)
  expect(after?.patch).toEqual({ start_time: '2026-03-29T01:00:00.000Z' })
  expect(changeBy(after?.times ?? before, by('move', 0, -15), zone)?.times).toEqual(before)
})

test('the end goes by the clocks too, and the start stays', () => {
  const night = timed('2026-03-27T22:00:00+01:00', 600)
  const longer = changeBy(night, by('resize', 1), zone)
  expect(longer?.patch).toEqual({ duration: 600 + 1440 - 60 })
  expect(longer?.times.end_timestamp_ms).toBe(Date.parse('2026-03-29T08:00:00+02:00'))
})

test('an event keeps at least 15 minutes, one of whole days a day, and no more than 31 days', () => {
  const short = timed('2026-03-11T09:00:00Z', 30)
  expect(changeBy(short, by('resize', 0, -15), zone)?.patch).toEqual({ duration: 15 })
  expect(changeBy(timed('2026-03-11T09:00:00Z', 15), by('resize', 0, -15), zone)).toBeUndefined()
  expect(changeBy(short, by('resize', -1), zone)).toBeUndefined()
  expect(changeBy(allDay('2026-03-11', 2), by('resize', -1), zone)?.patch).toEqual({ duration: 1440 })
  expect(changeBy(allDay('2026-03-11', 1), by('resize', -1), zone)).toBeUndefined()
  expect(changeBy(allDay('2026-03-11', 31), by('resize', 1), zone)).toBeUndefined()
})

test('an event of whole days keeps its UTC midnights, and knows no minutes', () => {
  const moved = changeBy(allDay('2026-03-28', 2), by('move', 1), zone)
  expect(moved?.patch).toEqual({ start_time: '2026-03-29T00:00:00.000Z' })
  expect(moved?.times).toEqual(allDay('2026-03-29', 2))
  expect(changeBy(allDay('2026-03-28', 2), by('move', 0, 15), zone)).toBeUndefined()
  expect(changeBy(allDay('2026-03-28', 2), by('resize', 0, 15), zone)).toBeUndefined()
})
