import { describe, expect, test } from 'vitest'
import { type IcsOptions, parseIcs } from './parseIcs.js'
import { apple, eventFile, google, outlook } from './samples.js'

const year = { from: new Date('2026-01-01T00:00:00Z'), to: new Date('2027-01-01T00:00:00Z') }
const read = (text: string, options?: IcsOptions) =>
  parseIcs(text, year, { zone: 'Europe/Paris', ...options }).events
const starts = (...lines: string[]) =>
  read(eventFile(...lines)).map(({ start }) => start.toISOString().slice(0, 16))

describe('Google', () => {
  test('a weekly series keeps its hour when clocks change, without what was excluded and with what was moved', () => {
    const weekly = read(google).filter(({ uid }) => uid === 'weekly@google.com')
    expect(weekly.map(({ title, start }) => [title, start.toISOString()])).toEqual([
      ['Weekly', '2026-03-16T08:00:00.000Z'],
      ['Weekly (in the afternoon)', '2026-03-30T12:00:00.000Z'],
      ['Weekly', '2026-04-06T07:00:00.000Z'],
      ['Weekly', '2026-04-13T07:00:00.000Z'],
    ])
    expect(weekly.map(({ durationMinutes }) => durationMinutes)).toEqual([30, 60, 30, 30])
  })

  test('the place and the text become the agenda, unfolded and with escapes undone', () => {
    expect(read(google)[0]?.agenda).toBe(
      'Room 4, Berlin\n\nAgenda:\n1. News, good and bad\n2. Plans; and a very long line that is folded',
    )
  })

  test('an all-day event lasts whole days from a midnight of UTC', () => {
    expect(read(google).find(({ allDay }) => allDay)).toEqual({
      uid: 'easter@google.com',
      title: 'Easter 🐣',
      agenda: null,
      start: new Date('2026-04-03T00:00:00Z'),
      durationMinutes: 4 * 1_440,
      allDay: true,
      private: true,
      showTimeAs: 'free',
    })
  })

  test('what is cancelled is left out', () => {
    expect(read(google).map(({ title }) => title)).not.toContain('Called off')
  })
})

describe('Apple', () => {
  test('a daily series goes on at its hour over the night on which clocks change', () => {
    expect(
      read(apple)
        .filter(({ title }) => title === 'Run')
        .map(({ start }) => start.toISOString()),
    ).toEqual([
      '2026-03-06T13:00:00.000Z',
      '2026-03-07T13:00:00.000Z',
      '2026-03-08T12:00:00.000Z',
      '2026-03-09T12:00:00.000Z',
    ])
  })

  test('a time without a zone is the reader’s, and a duration stands for an end', () => {
    const [event] = read(apple, { zone: 'Asia/Tokyo' }).filter(({ uid }) => uid === 'floating-1')
    expect(event).toMatchObject({
      start: new Date('2026-03-10T10:30:00Z'),
      durationMinutes: 150,
      allDay: false,
    })
  })

  test('the 29th of February comes every four years', () => {
    const titles = (from: string, to: string) =>
      parseIcs(apple, { from: new Date(from), to: new Date(to) }).events.map(({ title }) => title)
    expect(titles('2027-12-31', '2029-01-01')).toEqual(['Birthday'])
    expect(titles('2026-12-31', '2027-12-31')).toEqual([])
  })
})

describe('Outlook', () => {
  test('a zone of Outlook’s own is what the file says it is', () => {
    expect(
      read(outlook)
        .filter(({ title }) => title === 'Board')
        .map(({ start }) => start.toISOString()),
    ).toEqual(['2026-04-01T09:00:00.000Z', '2026-05-06T09:00:00.000Z', '2026-06-03T09:00:00.000Z'])
    const winter = outlook.replace(/20260401T/g, '20261202T')
    expect(read(winter).at(-1)?.start).toEqual(new Date('2026-12-02T10:00:00Z'))
  })

  test('how a time is shown is taken over', () => {
    const shown = read(outlook).map(({ title, showTimeAs, private: hidden }) => [title, showTimeAs, hidden])
    expect(shown).toContainEqual(['Board', 'oof', true])
    expect(shown).toContainEqual(['From home', 'working_elsewhere', false])
  })
})

describe('series', () => {
  test('RDATE adds, EXDATE takes away, also by the day alone', () => {
    const rule = ['UID:a', 'SUMMARY:A', 'DTSTART:20260105T100000Z', 'RRULE:FREQ=DAILY;COUNT=3']
    const more = ['RDATE:20260201T100000Z', 'RDATE;VALUE=PERIOD:20260202T100000Z/PT1H']
    expect(starts(...rule, ...more, 'EXDATE:20260106T100000Z', 'EXDATE;VALUE=DATE:20260107')).toEqual([
      '2026-01-05T10:00',
      '2026-02-01T10:00',
      '2026-02-02T10:00',
    ])
  })

  test('many dates are excluded, wherever they stand', () => {
    const days = Array.from({ length: 20 }, (_, day) => `202601${String(day + 2).padStart(2, '0')}T100000Z`)
    const rule = ['UID:a', 'DTSTART:20260101T100000Z', 'RRULE:FREQ=DAILY;COUNT=22']
    expect(
      starts(...rule, 'EXDATE:20250101T100000Z', ...days.reverse().map((day) => `EXDATE:${day}`)),
    ).toEqual(['2026-01-01T10:00', '2026-01-22T10:00'])
  })

  test('an end in UTC ends a series that goes by another clock', () => {
    const until = (last: string) =>
      starts('UID:a', 'DTSTART;TZID=Asia/Tokyo:20260105T080000', `RRULE:FREQ=DAILY;UNTIL=${last}`)
    expect(until('20260106T230000Z')).toEqual(['2026-01-04T23:00', '2026-01-05T23:00', '2026-01-06T23:00'])
    expect(until('20260106T225959Z')).toEqual(['2026-01-04T23:00', '2026-01-05T23:00'])
  })

  test('days of a duration are days by the clock on the wall', () => {
    const file = eventFile(
      'UID:a',
      'DTSTART;TZID=Europe/Berlin:20260328T120000',
      'RRULE:FREQ=WEEKLY;COUNT=2',
      'DURATION:P1D',
    )
    expect(read(file).map(({ durationMinutes }) => durationMinutes)).toEqual([23 * 60, 24 * 60])
  })

  test('a cancelled occurrence is left out, and so is a cancelled series', () => {
    const series = 'BEGIN:VEVENT\nUID:a\nDTSTART:20260105T100000Z\nRRULE:FREQ=DAILY;COUNT=2\nEND:VEVENT'
    const off =
      'BEGIN:VEVENT\nUID:a\nDTSTART:20260106T100000Z\nRECURRENCE-ID:20260106T100000Z\nSTATUS:CANCELLED\nEND:VEVENT'
    const calendar = (...parts: string[]) => ['BEGIN:VCALENDAR', ...parts, 'END:VCALENDAR'].join('\n')
    expect(read(calendar(series, off)).map(({ start }) => start.getUTCDate())).toEqual([5])
    expect(read(calendar('METHOD:CANCEL', series))).toEqual([])
  })

  test('an exception that comes without its series is an event', () => {
    expect(starts('UID:a', 'DTSTART:20260106T120000Z', 'RECURRENCE-ID:20260106T100000Z')).toEqual([
      '2026-01-06T12:00',
    ])
  })

  test('an event that reaches into the window belongs to it, one that only touches it does not', () => {
    const from = (start: string) => starts('UID:a', `DTSTART:${start}`, 'DURATION:PT1H')
    expect(from('20251231T233000Z')).toHaveLength(1)
    expect(from('20251231T230000Z')).toHaveLength(0)
    expect(from('20270101T000000Z')).toHaveLength(0)
  })
})

describe('hostile files', () => {
  test('a rule for every second gives as many events as the limit, soon, and says that there were more', () => {
    const file = eventFile('UID:a', 'DTSTART:20260101T000000Z', 'RRULE:FREQ=SECONDLY')
    const { events, truncated } = parseIcs(file, year, { limit: 100 })
    expect(events).toHaveLength(100)
    expect(truncated).toBe(true)
  })

  test.each([
    'FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30',
    'FREQ=HOURLY;BYMONTH=2;BYMONTHDAY=31',
    'FREQ=YEARLY;BYMONTH=4;BYMONTHDAY=31',
  ])('a day that never comes is not waited for: %s', (rule) => {
    expect(starts('UID:a', 'DTSTART:20260101T000000Z', `RRULE:${rule}`)).toEqual(['2026-01-01T00:00'])
  })

  test('texts are cut to the columns and freed of what a database refuses, without cutting a character in half', () => {
    const [event] = read(
      eventFile(
        'UID:a',
        'DTSTART:20260101T000000Z',
        `SUMMARY:\u0000${'🐣'.repeat(300)}`,
        `DESCRIPTION:${'x'.repeat(30_000)}\uD800`,
      ),
    )
    expect(event?.title).toBe('🐣'.repeat(250))
    expect(event?.agenda).toBe('x'.repeat(20_000))
    expect(
      read(eventFile('UID:a', 'DTSTART:20260101T000000Z', `SUMMARY:a${'🐣'.repeat(300)}`))[0]?.title,
    ).toBe(`a${'🐣'.repeat(249)}`)
  })

  test('an event lasts at least a minute and at most 31 days', () => {
    const minutes = (...end: string[]) =>
      read(eventFile('UID:a', 'DTSTART:20260101T000000Z', ...end))[0]?.durationMinutes
    expect(minutes()).toBe(1)
    expect(minutes('DTEND:20251231T000000Z')).toBe(1)
    expect(minutes('DTEND:20280101T000000Z')).toBe(44_640)
    expect(minutes('DURATION:P9999999D')).toBe(44_640)
  })
})
