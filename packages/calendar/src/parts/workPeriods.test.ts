import { expect, test } from 'vitest'
import type { Profile, WorkPeriod } from '../tables/people.js'
import { languages } from './locale.js'
import { dayChoices, problemOf, workWeek } from './workPeriods.js'

const ui = { locale: 'en-GB', timeZone: 'Europe/Berlin', messages: languages.en }
const stamp = '2026-03-01T00:00:00Z'
const period = (weekday: number, from: string, to: string): WorkPeriod => ({
  id: `${weekday} ${from}`,
  user_id: 'ada',
  weekday,
  start_time: from,
  end_time: to,
  created_at: stamp,
  updated_at: stamp,
})
const fromSunday = { week_start_day: '0' } as Profile
const rows = [
  period(0, '10:00:00', '12:00:00'),
  period(1, '09:00:00', '12:00:00'),
  period(1, '13:00:00', '17:30:00'),
]

test('a week begins as the user has it, and leaves out days without work', () => {
  const shown = (profile: Profile | undefined): string[] =>
    workWeek(rows, profile, ui).map(({ name }) => name)
  expect(shown(undefined)).toEqual(['Monday', 'Sunday'])
  expect(shown(fromSunday)).toEqual(['Sunday', 'Monday'])
  expect(
    dayChoices(fromSunday, ui)
      .map(({ value }) => value)
      .join(''),
  ).toBe('0123456')
})

test('times are written as the locale has them, whatever zone the user is in', () => {
  const texts = (locale: string): string[] =>
    workWeek(rows, undefined, { ...ui, locale })
      .flatMap(({ periods }) => periods)
      .map(({ name }) => name.replace(/\s+/gu, ' '))
  expect(texts('en-GB')).toEqual(['Monday 09:00–12:00', 'Monday 13:00–17:30', 'Sunday 10:00–12:00'])
  expect(texts('en-US')[1]).toMatch(/^Monday 1:00 – 5:30 PM$/u)
})

test('the fields of a period are given times as fields have them, without seconds', () => {
  expect(workWeek(rows, undefined, ui)[0]?.periods[0]).toMatchObject({ from: '09:00', to: '12:00' })
})

test('a period that ends when it starts, or before, is refused', () => {
  expect(problemOf({ weekday: 2, from: '09:00', to: '09:00' }, undefined, rows)).toBe('order')
  expect(problemOf({ weekday: 2, from: '09:00', to: '08:00' }, undefined, rows)).toBe('order')
})

test('a period without both of its times is refused', () => {
  expect(problemOf({ weekday: 2, from: '', to: '17:00' }, undefined, rows)).toBe('missing')
  expect(problemOf({ weekday: 2, from: '09:00', to: '' }, undefined, rows)).toBe('missing')
})

test('a period at the time of another on that day is refused; one that only touches others is not', () => {
  expect(problemOf({ weekday: 1, from: '11:59', to: '12:30' }, undefined, rows)).toBe('overlap')
  expect(problemOf({ weekday: 1, from: '08:00', to: '18:00' }, undefined, rows)).toBe('overlap')
  expect(problemOf({ weekday: 1, from: '12:00', to: '13:00' }, undefined, rows)).toBeUndefined()
  expect(problemOf({ weekday: 2, from: '09:00', to: '12:00' }, undefined, rows)).toBeUndefined()
})

test('a period that is changed does not overlap with itself', () => {
  expect(problemOf({ weekday: 1, from: '09:30', to: '12:30' }, '1 09:00:00', rows)).toBeUndefined()
  expect(problemOf({ weekday: 1, from: '09:30', to: '13:30' }, '1 09:00:00', rows)).toBe('overlap')
})
