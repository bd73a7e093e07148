import { expect, test } from 'vitest'
import { workPeriods, type WorkPeriod } from './people.js'

const period = { start_time: '09:00', end_time: '17:00' } as WorkPeriod

test.each([
  ['09:00:00', false],
  ['08:59:59', false],
  ['09:00:01', true],
  ['17:30', true],
])('an end at %s is after a start at 09:00: %s, with or without seconds', (end_time, isAfter) => {
  const refusal = workPeriods.guards.update?.(period, { end_time })
  expect(refusal).toEqual(isAfter ? undefined : expect.stringContaining('must end after'))
})
