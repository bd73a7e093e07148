import { expect, test } from 'vitest'
import { exampleEvent, exampleUi } from '../../test/exampleEvent.js'
import { eventRole, rsvp } from '../tables/eventRoles.js'
import { showTimeAs, timeDefenseLevel } from '../tables/eventDetails.js'
import { chipView } from './eventChip.js'
import { eventMessages } from './messages/events.js'

const ui = exampleUi()
const view = (changes: Parameters<typeof exampleEvent>[0] = {}, place = {}) =>
  chipView(exampleEvent(changes), ui, place)
const marks = (changes: Parameters<typeof exampleEvent>[0]) => view(changes).marks.map(({ name }) => name)

test('an ordinary event of one’s own has no marks; its name says what and when', () => {
  expect(view().marks).toEqual([])
  expect(view().label).toMatch(/^Review, 2 Mar 2026, 10:00.10:30, Busy$/u)
})

test('a write that waits is marked, and one that was refused is marked instead', () => {
  const error = { code: 'refused', message: 'No.' } as const
  expect(marks({ _pending: true })).toEqual(['pending'])
  expect(marks({ _pending: true, _error: error })).toEqual(['failed'])
  expect(view({ _error: error })).toMatchObject({ sync: 'failed' })
  expect(view({ _error: error }).label).toContain('The server refused a change')
})

test('private, managed, protected, away and archived events are marked', () => {
  expect(marks({ private: true, ai_managed: true, time_defense_level: 'hard_block' })).toEqual([
    'private',
    'aiManaged',
    'hard_block',
  ])
  expect(marks({ show_time_as: 'oof', archived: true })).toEqual(['oof', 'archived'])
})

test('an event of somebody else says the role and the answer', () => {
  expect(view({ role: 'viewer', rsvp: null }).label).toContain('Viewer, Not answered')
  expect(view({ role: 'delegate_full', rsvp: 'tentative' }).label).toContain('Delegate, Maybe')
})

test('a chip of one day of a longer event says that it goes on', () => {
  const { start_timestamp_ms: start } = exampleEvent()
  const hour = 3_600_000
  const at = (from: number, to: number) => view({ duration: 180 }, { from, to }).continues
  expect(at(start - hour, start + 4 * hour)).toBe('no')
  expect(at(start, start + hour)).toBe('to')
  expect(at(start + hour, start + 2 * hour)).toBe('both')
  expect(at(start + hour, start + 3 * hour)).toBe('from')
})

test('another zone’s time stands beside one’s own, but not on a whole day', () => {
  const place = { otherTimeZone: 'Asia/Tokyo' }
  expect(view({}, place).otherTime).toMatch(/^18:00.18:30 in Tokyo$/u)
  expect(view({ all_day: true, duration: 1_440 }, place).otherTime).toBeUndefined()
})

test('a colour that is not known is shown as one that is', () => {
  expect(view({ calendar: { id: 'c', name: 'Work', color: 'url(//evil)' } }).color).toBe('blue')
})

test.each(['en', 'de', 'ar', 'ja'] as const)('%s has words for every state', (language) => {
  const words = eventMessages[language]
  const said = [
    ...showTimeAs.options.map((name) => words.showTimeAs[name]),
    ...timeDefenseLevel.options.map((name) => words.defense[name]),
    ...eventRole.options.map((name) => words.role[name]),
    ...rsvp.options.map((name) => words.rsvp[name]),
  ]
  expect(new Set(said).size).toBe(16)
  expect(said.every((word) => word.length > 0)).toBe(true)
})
