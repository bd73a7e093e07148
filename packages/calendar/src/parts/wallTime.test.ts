import fc from 'fast-check'
import { expect, test } from 'vitest'
import { instantOf, isZone, wallTimeOf } from './wallTime.js'

const at = (wall: string, zone: string) => new Date(instantOf(Date.parse(`${wall}Z`), zone)).toISOString()

test.each([
  ['2026-01-15T09:00', 'Europe/Berlin', '2026-01-15T08:00:00.000Z'],
  ['2026-07-15T09:00', 'Europe/Berlin', '2026-07-15T07:00:00.000Z'],
  ['2026-07-15T09:00', 'Asia/Kathmandu', '2026-07-15T03:15:00.000Z'],
  ['2026-01-15T23:30', 'America/New_York', '2026-01-16T04:30:00.000Z'],
])('%s in %s is %s', (wall, zone, instant) => {
  expect(at(wall, zone)).toBe(instant)
})

test('a time that clocks show twice is the first of the two', () => {
  expect(at('2026-10-25T02:30', 'Europe/Berlin')).toBe('2026-10-25T00:30:00.000Z')
  expect(at('2026-11-01T01:30', 'America/New_York')).toBe('2026-11-01T05:30:00.000Z')
})

test('a time that clocks skip is read with the offset from before the gap', () => {
  expect(at('2026-03-29T02:30', 'Europe/Berlin')).toBe('2026-03-29T01:30:00.000Z')
  expect(at('2026-03-08T02:30', 'America/New_York')).toBe('2026-03-08T07:30:00.000Z')
})

test('an instant that clocks show once is found again by what they show', () => {
  const zones = fc.constantFrom(
    'UTC',
    'Europe/Berlin',
    'America/St_Johns',
    'Pacific/Apia',
    'Australia/Lord_Howe',
  )
  const instants = fc.date({ min: new Date('1975-01-01'), max: new Date('2050-01-01'), noInvalidDate: true })
  fc.assert(
    fc.property(zones, instants, (zone, instant) => {
      const wall = wallTimeOf(+instant, zone)
      expect(wallTimeOf(instantOf(wall, zone), zone)).toBe(wall)
    }),
  )
})

test('a zone that nobody knows is told apart', () => {
  expect(isZone('Europe/Berlin')).toBe(true)
  expect(isZone('W. Europe Standard Time')).toBe(false)
  expect(isZone('')).toBe(false)
})
