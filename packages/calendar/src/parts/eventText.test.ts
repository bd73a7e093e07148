import { expect, test } from 'vitest'
import { exampleEvent, exampleUi } from '../../test/exampleEvent.js'
import { restOfWhenText, timeText, titleText, whenText, zoneText } from './eventText.js'

const ui = exampleUi()
/** Spaces of every kind, and dashes, are the locale data's own; what counts is what is between them. */
const plain = (text: string) => text.replace(/\s+/gu, ' ').replace(/ ?[–-] ?/gu, '-')

test('a title is one line that changes nothing around it, and is never empty', () => {
  expect(titleText('  Review \n of\tall  ', ui)).toBe('Review of all')
  expect(titleText('\u202Egnp.exe\u202C', ui)).toBe('gnp.exe')
  expect(titleText('\u2066\u200F\u0007', ui)).toBe('(No title)')
  expect(titleText('<img src=x onerror=alert(1)>', ui)).toBe('<img src=x onerror=alert(1)>')
})

test('joined emoji and letters of right-to-left scripts stay whole', () => {
  expect(titleText('👩‍👩‍👧 اجتماع', ui)).toBe('👩‍👩‍👧 اجتماع')
})

test('a time is said in the zone of the user, and in another one', () => {
  const event = exampleEvent()
  expect(plain(timeText(event, ui))).toBe('10:00-10:30')
  expect(plain(timeText(event, { ...ui, timeZone: 'Asia/Tokyo' }))).toBe('18:00-18:30')
  expect(zoneText('America/Argentina/Buenos_Aires')).toBe('Buenos Aires')
})

test('an event over midnight says both days; one of a day says it once', () => {
  expect(plain(whenText(exampleEvent(), ui))).toBe('2 Mar 2026, 10:00-10:30')
  const long = exampleEvent({ start_time: '2026-03-02T22:00:00Z', duration: 180 })
  expect(plain(whenText(long, ui))).toBe('2 Mar 2026, 23:00-3 Mar 2026, 02:00')
})

test('times over midnight say the day on which they end, as each language does', () => {
  const night = exampleEvent({ start_time: '2026-03-13T21:00:00Z', duration: 600 })
  expect(plain(timeText(night, ui))).toBe('22:00-Sat 08:00')
  expect(plain(timeText(night, { ...ui, locale: 'en-US' }))).toBe('10:00 PM-Sat 8:00 AM')
  expect(plain(timeText(night, exampleUi('de')))).toBe('22:00-Sa., 08:00')
  expect(plain(timeText(night, exampleUi('ja')))).toMatch(/^22:00～.*8:00.*土/u)
})

test('in a zone where it does not cross midnight, its times stand alone', () => {
  const night = exampleEvent({ start_time: '2026-03-13T21:00:00Z', duration: 600 })
  expect(plain(timeText(night, { ...ui, timeZone: 'Asia/Tokyo' }))).toBe('06:00-16:00')
})

test('times that end in another week say the date', () => {
  const long = exampleEvent({ start_time: '2026-03-13T21:00:00Z', duration: 8 * 1_440 })
  expect(plain(timeText(long, ui))).toBe('22:00-21 Mar, 22:00')
})

test('what completes the times is the day, or all of it over midnight', () => {
  expect(restOfWhenText(exampleEvent(), ui)).toBe('2 Mar 2026')
  const night = exampleEvent({ start_time: '2026-03-13T21:00:00Z', duration: 600 })
  expect(restOfWhenText(night, ui)).toBe(whenText(night, ui))
  const whole = exampleEvent({ start_time: '2026-03-02T00:00:00Z', all_day: true, duration: 2 * 1_440 })
  expect(plain(restOfWhenText(whole, ui))).toBe('2-3 Mar 2026')
})

test('an all-day event is the same day in every zone, and its last day is the one before its end', () => {
  const event = exampleEvent({ start_time: '2026-03-02T00:00:00Z', all_day: true, duration: 1_440 })
  for (const zone of ['Pacific/Kiritimati', 'Pacific/Pago_Pago'])
    expect(whenText(event, { ...ui, timeZone: zone })).toBe('2 Mar 2026, All day')
  const days = exampleEvent({ start_time: '2026-03-02T00:00:00Z', all_day: true, duration: 3 * 1_440 })
  expect(plain(whenText(days, ui))).toBe('2-4 Mar 2026, All day')
})

test('the day on which the clocks go forward is said as the clocks show it', () => {
  const event = exampleEvent({ start_time: '2026-03-29T00:30:00Z', duration: 60 })
  expect(plain(timeText(event, ui))).toBe('01:30-03:30')
})
