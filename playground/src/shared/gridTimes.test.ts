import { expect, test } from 'vitest'
import { inputTimes, patchOf, timesOf } from './gridTimes.ts'

const local = (...[year, month, day, hour]: [number, number, number, number]): Date =>
  new Date(year, month - 1, day, hour)

test('a day that is marked in the grid lies on UTC midnights, wherever the grid is', () => {
  const times = timesOf(local(2026, 3, 28, 0), local(2026, 3, 30, 0), true)
  expect(times).toEqual({ start: Date.UTC(2026, 2, 28), end: Date.UTC(2026, 2, 30), all_day: true })
})

test('a piece without an end lasts an hour, and a day when it is of days', () => {
  const start = local(2026, 3, 10, 9)
  expect(timesOf(start, null, false)).toEqual({
    start: start.getTime(),
    end: start.getTime() + 3_600_000,
    all_day: false,
  })
  expect(patchOf(timesOf(local(2026, 3, 10, 0), null, true))).toEqual({
    start_time: '2026-03-10T00:00:00.000Z',
    duration: 1_440,
    all_day: true,
  })
})

test('the grid reads an event of days by its dates, and one of hours by its instants', () => {
  const event = { start_timestamp_ms: Date.UTC(2026, 2, 10), end_timestamp_ms: Date.UTC(2026, 2, 11) }
  expect(inputTimes({ ...event, all_day: true })).toEqual({
    allDay: true,
    start: '2026-03-10',
    end: '2026-03-11',
  })
  expect(inputTimes({ ...event, all_day: false })).toMatchObject({
    start: '2026-03-10T00:00:00.000Z',
    end: '2026-03-11T00:00:00.000Z',
  })
})
