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
  expect(view().label).toMatch(/^10:00.10:30 Review, 2 Mar 2026, Busy$/u)
})

test('the name begins with the text as it is seen, in every language', () => {
  const night = exampleEvent({ start_time: '2026-03-13T21:00:00Z', duration: 600 })
  const whole = exampleEvent({ start_time: '2026-03-13T00:00:00Z', duration: 1_440, all_day: true })
  for (const language of ['en', 'de', 'ar', 'ja'] as const)
    for (const event of [exampleEvent(), night, whole])
      for (const place of [{ otherTimeZone: 'Asia/Tokyo' }, { brief: true }]) {
        const shown = chipView(event, exampleUi(language), place)
        const seen = [shown.time, shown.title, shown.otherTime].filter((part) => part !== undefined)
        expect(shown.label.startsWith(`${seen.join(' ')}, `), shown.label).toBe(true)
      }
})

test('a chip over midnight is short, and its name says the whole of it', () => {
  const { time, label } = view({ start_time: '2026-03-13T21:00:00Z', duration: 600 })
  expect(time).toMatch(/^22:00\s.\sSat 08:00$/u)
  expect(label).toMatch(/^22:00\s.\sSat 08:00 Review, 13 Mar 2026, 22:00.{1,3}14 Mar 2026, 08:00, Busy$/u)
})

test('a brief chip shows when its event begins, and its name says all', () => {
  const night = view({ start_time: '2026-03-13T21:00:00Z', duration: 600 }, { brief: true })
  expect(night.time).toBe('22:00')
  expect(night.label).toMatch(/^22:00 Review, 22:00\s.\sSat 08:00, 13 Mar 2026, /u)
  const whole = view({ all_day: true, duration: 1_440 }, { brief: true })
  expect(whole.time).toBeUndefined()
  expect(whole.label).toMatch(/^Review, All day, /u)
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
