import fc from 'fast-check'
import { expect, test } from 'vitest'
import { exampleEvent } from '../../test/exampleEvent.js'
import { draftProblems } from './draftProblems.js'
import { draftOf, editDraft, eventOf, newDraft, personalOf, timesOf } from './eventDraft.js'

const zones = ['UTC', 'Europe/Berlin', 'America/St_Johns', 'Asia/Kathmandu', 'Pacific/Apia']
const minute = 60_000
const instant = fc
  .integer({ min: Date.parse('2020-01-01Z') / minute, max: Date.parse('2035-01-01Z') / minute })
  .map((minutes) => minutes * minute)

test('an event goes through the form unchanged, in any zone, except in the hour that clocks show twice', () => {
  fc.assert(
    fc.property(
      instant,
      fc.integer({ min: 1, max: 44_640 }),
      fc.constantFrom(...zones),
      (start, length, zone) => {
        const event = exampleEvent({ start_time: new Date(start).toISOString(), duration: length })
        const times = timesOf(draftOf(event, zone), zone)
        const twice = 60 * minute
        expect(Math.abs((times?.start ?? 0) - start) % twice).toBe(0)
        expect(Math.abs((times?.end ?? 0) - start - length * minute) % twice).toBe(0)
      },
    ),
  )
})

test('an all-day event goes through the form unchanged, in any zone', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 18_000, max: 24_000 }),
      fc.integer({ min: 1, max: 31 }),
      fc.constantFrom(...zones),
      (first, days, zone) => {
        const start_time = new Date(first * 1_440 * minute).toISOString()
        const event = exampleEvent({ start_time, all_day: true, duration: days * 1_440 })
        expect(eventOf(draftOf(event, zone), zone)).toMatchObject({
          start_time,
          duration: days * 1_440,
          all_day: true,
        })
      },
    ),
  )
})

test('a draft of an event says what the event says', () => {
  const event = exampleEvent({
    title: ' Plan ',
    agenda: null,
    ai_managed: true,
    ai_instructions: 'Keep it short.',
  })
  const draft = draftOf(event, 'UTC')
  expect(eventOf(draft, 'UTC')).toMatchObject({ title: 'Plan', agenda: null, duration: 30 })
  expect(personalOf(draft)).toEqual({
    calendar_id: null,
    category_id: null,
    show_time_as: 'busy',
    time_defense_level: 'normal',
    ai_managed: true,
    ai_instructions: 'Keep it short.',
  })
})

test('an event that is moved over the day on which clocks go forward keeps its length', () => {
  const zone = 'Europe/Berlin'
  const draft = newDraft(
    { start: Date.parse('2026-03-28T00:30:00Z'), end: Date.parse('2026-03-28T02:30:00Z') },
    zone,
  )
  const moved = editDraft(draft, 'startDate', '2026-03-29', zone)
  expect(moved).toMatchObject({ startTime: '01:30', endDate: '2026-03-29', endTime: '04:30' })
  expect(eventOf(moved, zone).duration).toBe(120)
})

test('an event may last 31 days and no longer', () => {
  const draft = { ...newDraft({ start: 0, end: 1_440 * minute, all_day: true }, 'UTC'), title: 'Sabbatical' }
  expect(draftProblems({ ...draft, endDate: '1970-01-31' }, 'UTC')).toEqual({})
  expect(draftProblems({ ...draft, endDate: '1970-02-01' }, 'UTC')).toEqual({ endDate: 'tooLong' })
})

test('texts that the database would refuse are refused before', () => {
  const draft = {
    ...newDraft({ start: 0, end: minute }, 'UTC'),
    title: 'x'.repeat(501),
    agenda: 'x'.repeat(20_001),
  }
  expect(draftProblems(draft, 'UTC')).toEqual({ title: 'titleLong', agenda: 'textLong' })
})
