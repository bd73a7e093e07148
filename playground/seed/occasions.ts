import { instantOf } from '@tidemark/calendar'
import { people, profiles } from './demoUsers.ts'
import { day, dayMs, hour, minuteMs, type Person, type PlannedEvent } from './plan.ts'

/**
 * What does not happen every week: journeys, days off, calls across the world, nights on which clocks change, and what was put away.
 *
 * @param monday days since the epoch
 * @param week of the year that is planned, from 0
 */
export function occasions(monday: number, week: number): PlannedEvent[] {
  return [
    ...(week % 9 === 4 ? journey(monday, week) : []),
    ...(week % 3 === 1 ? [tokyo(monday, week)] : []),
    ...(week === 12 || week === 37 ? [daysOff('ada', monday, week)] : []),
    ...(week === 18 || week === 33 ? [daysOff('ben', monday, week)] : []),
    ...(week < 24 && week % 8 === 2 ? [putAway(monday, week)] : []),
    ...people.flatMap((person) => clockChange(person, monday, week)),
  ]
}

const travel = { calendar: 'travel', showTimeAs: 'oof', defense: 'hard_block' } as const
const elsewhere = { calendar: 'travel', showTimeAs: 'working_elsewhere', defense: 'high' } as const
const berlin = 'Europe/Berlin'

const wall = (days: number, minutes: number, zone: string): number =>
  instantOf(days * dayMs + minutes * minuteMs, zone)

/** A night flight that lands on the next day, an off-site of three days, and the way back. */
function journey(monday: number, week: number): PlannedEvent[] {
  const key = (part: string): string => `${part}/${String(week)}`
  const way = { owner: 'ben', minutes: 8 * hour, place: 'in-person', filing: travel } as const
  return [
    {
      ...way,
      key: key('flight'),
      title: 'Flight New York – Berlin',
      start: wall(monday, 18 * hour, profiles.ben.zone),
    },
    {
      key: key('off-site'),
      owner: 'ada',
      title: 'Off-site',
      agenda: 'Bring walking shoes.',
      start: (monday + 1) * dayMs,
      minutes: 3 * day,
      allDay: true,
      place: 'in-person',
      filing: elsewhere,
      guests: { ben: { role: 'contributor', rsvp: 'accepted', following: true, filing: elsewhere } },
    },
    {
      ...way,
      key: key('return'),
      title: 'Flight Berlin – New York',
      start: wall(monday + 4, 13 * hour, berlin),
    },
  ]
}

/** At four in the afternoon in Tokyo, which changes no clocks: the hour in Berlin differs between summer and winter. */
const tokyo = (monday: number, week: number): PlannedEvent => ({
  key: `tokyo/${String(week)}`,
  owner: 'ada',
  title: 'Call with the Tokyo office',
  start: wall(monday + 3, 16 * hour, 'Asia/Tokyo'),
  minutes: 45,
  place: 'online',
  filing: { category: 'customer', defense: 'high' },
  guests: { ben: { role: 'viewer', rsvp: 'declined', filing: { showTimeAs: 'free' } } },
})

const daysOff = (owner: Person, monday: number, week: number): PlannedEvent => ({
  key: `days-off/${String(week)}`,
  owner,
  title: 'Days off',
  start: monday * dayMs,
  minutes: 5 * day,
  allDay: true,
  private: true,
  filing: { calendar: 'personal', showTimeAs: 'oof', defense: 'hard_block' },
})

const putAway = (monday: number, week: number): PlannedEvent => ({
  key: `put-away/${String(week)}`,
  owner: 'ada',
  title: 'Harbour project: weekly sync',
  agenda: 'The project has ended; kept for the record.',
  start: wall(monday + 1, 14 * hour, berlin),
  minutes: 30,
  filing: { calendar: 'archive' },
  guests: { ben: { role: 'viewer', rsvp: 'accepted', filing: { calendar: 'archive' } } },
})

/** Work through the night on which a user's clocks change: three hours on the wall, two or four in truth. */
function clockChange(person: Person, monday: number, week: number): PlannedEvent[] {
  const { zone } = profiles[person]
  const [start, end] = [wall(monday + 6, hour, zone), wall(monday + 6, 4 * hour, zone)]
  const minutes = (end - start) / minuteMs
  if (minutes === 3 * hour) return []
  const title = minutes < 3 * hour ? 'Maintenance: clocks go forward' : 'Maintenance: clocks go back'
  return [
    {
      key: `clocks-${person}/${String(week)}`,
      owner: person,
      title,
      start,
      minutes,
      filing: { defense: 'hard_block' },
    },
  ]
}
