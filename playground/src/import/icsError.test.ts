import fc from 'fast-check'
import { expect, test } from 'vitest'
import { IcsError } from './icsError.js'
import { parseIcs } from './parseIcs.js'
import { apple, eventFile, google, outlook } from './samples.js'

const window = { from: new Date('2026-01-01T00:00:00Z'), to: new Date('2027-01-01T00:00:00Z') }
const read = (text: string) => parseIcs(text, window, { zone: 'UTC', limit: 50 })

/** The line that the file's error names. */
function brokenLine(text: string): number {
  try {
    read(text)
  } catch (error) {
    if (error instanceof IcsError) return error.line
    throw error
  }
  throw new Error('The file was read.')
}

test.each([
  ['an empty file', '', 1],
  ['a file of another kind', '<html></html>\n', 1],
  ['an event without a calendar', 'BEGIN:VEVENT\nEND:VEVENT', 1],
  ['a calendar that does not end', 'BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20260101T000000Z\n', 2],
  ['an end that ends nothing', 'BEGIN:VCALENDAR\nEND:VEVENT\nEND:VCALENDAR', 2],
  ['a line without a value', eventFile('DTSTART:20260101T000000Z', 'SUMMARY'), 5],
  ['an event without a beginning', eventFile('SUMMARY:A'), 3],
  ['the 31st of February', eventFile('UID:a', 'DTSTART:20260231T000000Z'), 5],
  ['a time that is none', eventFile('DTSTART:tomorrow'), 4],
  ['an end that is none', eventFile('DTSTART:20260101T000000Z', 'SUMMARY:A', 'DTEND:later'), 6],
  ['a zone that nobody knows', eventFile('DTSTART;TZID=Middle Earth:20260101T000000'), 4],
  ['a rule that is none', eventFile('DTSTART:20260101T000000Z', 'RRULE:FREQ=SOMETIMES'), 5],
  [
    'a rule that contradicts itself',
    eventFile('DTSTART:20260101T000000Z', 'RRULE:FREQ=WEEKLY;BYMONTHDAY=3'),
    5,
  ],
  ['a duration that is none', eventFile('DTSTART:20260101T000000Z', 'DURATION:long'), 5],
  ['an exception at no time', eventFile('DTSTART:20260101T000000Z', 'EXDATE:never'), 5],
])('%s names its line', (_what, text, line) => {
  expect(brokenLine(text)).toBe(line)
})

test.each(['RRULE:FREQ=SECONDLY', 'RRULE:FREQ=YEARLY;BYMONTH=3;BYHOUR=1,2,3'])(
  'a time zone that changes all the time names its line: %s',
  (rule) => {
    expect(brokenLine(outlook.replace('RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3', rule))).toBe(16)
  },
)

test('lines are counted as they stand in the file, folded and blank ones included', () => {
  const folded = ['DTSTART:20260101T000000Z', 'DESCRIPTION:one', '  two', '\tthree', '', 'DTEND:la', ' ter']
  expect(brokenLine(eventFile(...folded))).toBe(9)
})

test.each(['\r\n', '\n', '\r'])('lines are counted alike for every end of line: %j', (end) => {
  expect(brokenLine(eventFile('UID:a', 'SUMMARY:A', 'DTSTART:never').replace(/\r\n/g, end))).toBe(6)
})

test('the message says which line, what is wrong with it, and what to do', () => {
  const read = () => parseIcs(eventFile('DTSTART:never'), window)
  expect(read).toThrow(
    'Line 4: DTSTART has a value that cannot be read. Nothing was imported. Correct the line',
  )
  expect(read).toThrow(expect.objectContaining({ code: 'ics-invalid', line: 4 }))
})

/** Reads anything; anything but an `IcsError` fails the property, and so does a row that no column takes. */
function survives(text: string): void {
  try {
    for (const { start, durationMinutes, title } of read(text).events) {
      expect(Number.isFinite(+start)).toBe(true)
      expect(Number.isInteger(durationMinutes) && durationMinutes >= 1 && durationMinutes <= 44_640).toBe(
        true,
      )
      expect(title.length >= 1 && title.length <= 500).toBe(true)
    }
  } catch (error) {
    if (!(error instanceof IcsError)) throw error
    expect(error.line).toBeGreaterThanOrEqual(1)
    expect(error.line).toBeLessThanOrEqual(text.split(/\r\n|\n|\r/).length)
  }
}

test('no text makes it throw anything but an IcsError', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 200 }), survives), { numRuns: 500 })
})

test('no change to a real file makes it throw anything but an IcsError', () => {
  const change = fc.record({ at: fc.nat(3_000), length: fc.nat(40), put: fc.string({ maxLength: 20 }) })
  const files = fc.constantFrom(google, apple, outlook)
  const changed = fc
    .tuple(files, fc.array(change, { minLength: 1, maxLength: 4 }))
    .map(([file, changes]) =>
      changes.reduce((text, { at, length, put }) => text.slice(0, at) + put + text.slice(at + length), file),
    )
  fc.assert(fc.property(changed, survives), { numRuns: 300 })
})

test('no property makes it throw anything but an IcsError', () => {
  const name = fc.constantFrom(
    'DTSTART',
    'DTEND',
    'DURATION',
    'RRULE',
    'RDATE',
    'EXDATE',
    'RECURRENCE-ID',
    'SUMMARY',
    '__proto__',
    'constructor',
  )
  const parameter = fc.constantFrom(
    '',
    ';VALUE=DATE',
    ';VALUE=PERIOD',
    ';TZID=Europe/Berlin',
    ';VALUE=__proto__',
    ';X="',
    ';TZID=',
  )
  const value = fc.oneof(
    fc.constantFrom(
      '20260101',
      '20260101T100000',
      '20260101T100000Z/PT1H',
      '-P1W',
      'P1DT1H',
      '99991231T235959Z',
      '00000000',
    ),
    fc.string({ maxLength: 12 }),
  )
  const line = fc.tuple(name, parameter, value).map(([a, b, c]) => `${a}${b}:${c}`)
  const file = fc
    .array(line, { maxLength: 6 })
    .map((lines) => eventFile('DTSTART:20260101T100000Z', ...lines))
  fc.assert(fc.property(file, survives), { numRuns: 1_000 })
})

test('no rule makes it throw anything but an IcsError, or go on for ever', () => {
  const part = (word: string, values: fc.Arbitrary<unknown>) =>
    values.map((value) => `${word}=${String(value)}`)
  const several = (numbers: fc.Arbitrary<unknown>) => fc.array(numbers, { minLength: 1, maxLength: 3 })
  const day = fc
    .tuple(fc.constantFrom('', '1', '-1', '5', '-5', '53'), fc.constantFrom('MO', 'WE', 'SU'))
    .map((two) => two.join(''))
  const rule = fc
    .tuple(
      part('FREQ', fc.constantFrom('YEARLY', 'MONTHLY', 'WEEKLY', 'DAILY', 'HOURLY', 'MINUTELY', 'SECONDLY')),
      fc.uniqueArray(
        fc.oneof(
          part('INTERVAL', fc.constantFrom(0, 1, 2, 1_000, 1e9)),
          part('COUNT', fc.constantFrom(0, 1, 3, 1e9)),
          part('UNTIL', fc.constantFrom('20260301', '20260301T100000Z', '99991231T000000Z', '19000101')),
          part('BYMONTH', several(fc.integer({ min: 1, max: 12 }))),
          part('BYMONTHDAY', several(fc.integer({ min: -31, max: 31 }))),
          part('BYYEARDAY', several(fc.integer({ min: -366, max: 366 }))),
          part('BYWEEKNO', several(fc.integer({ min: -53, max: 53 }))),
          part('BYDAY', several(day)),
          part('BYHOUR', several(fc.integer({ min: 0, max: 23 }))),
          part('BYSETPOS', several(fc.integer({ min: -3, max: 3 }))),
        ),
        { maxLength: 4, selector: (text) => text.split('=')[0] },
      ),
    )
    .map(([frequency, parts]) => [frequency, ...parts].join(';'))
  const start = fc.constantFrom('20260131T100000Z', '20240229T100000Z', '19700101T000000Z')
  const file = fc.tuple(start, rule).map(([begin, text]) => eventFile(`DTSTART:${begin}`, `RRULE:${text}`))
  fc.assert(fc.property(file, survives), {
    numRuns: 150,
    interruptAfterTimeLimit: 20_000,
    markInterruptAsFailure: true,
  })
})
