import { scenario, type Scenario } from '../scenario/scenario.ts'
import { calendars, type Told } from '../scenario/seed.ts'

const names = ['Stand-up', 'Review', 'Interview', 'Lunch', 'Workshop', 'Call', 'Planning']
const filedUnder = [calendars.main, calendars.work, calendars.family]
const two = (number: number): string => String(number).padStart(2, '0')

/** So many events, spread over March 2026. */
const spread = (count: number): Told[] =>
  Array.from({ length: count }, (_, index) => ({
    title: `${names[index % names.length] ?? ''} ${index + 1}`,
    at: `2026-03-${two(1 + (index % 28))}T${two(7 + (index % 11))}:00:00+01:00`,
    duration: 30 + 15 * (index % 4),
    filed: { calendar_id: filedUnder[index % 3] ?? null },
  }))

const monthOf = (count: number): Scenario =>
  scenario({
    happened: `A month holds ${count} events.`,
    can: 'Change any of them: only its own chip is drawn again.',
    play: async ({ events, openSynced }) => {
      events(spread(count))
      await openSynced()
    },
  })

export const five = monthOf(5)
export const fifty = monthOf(50)
export const fiveHundred = monthOf(500)

export const empty = scenario({
  happened: 'Everything is synchronised, and there is no event in this month.',
  can: 'Make the first event.',
  play: ({ openSynced }) => openSynced(),
})

export const firstLoad = scenario({
  happened: 'The app was opened for the first time, and the server has not answered yet: nothing is known.',
  rule: 'R1: a stream says `undefined` until its first load, which is how loading differs from empty.',
  can: 'Wait, or write already: it is kept.',
  play: async ({ server, open, events }) => {
    events(spread(5))
    server.weather.delay = 3_600_000
    await open()
  },
})

export const shapes = scenario({
  happened: 'Events that overlap, last all day, several days, across midnight and across a week.',
  can: 'See where each begins and ends.',
  play: async ({ events, openSynced }) => {
    const at = (day: number, time: string): string => `2026-03-${two(day)}T${time}:00+01:00`
    events([
      { title: 'Overlap one', at: at(11, '09:00'), duration: 120 },
      { title: 'Overlap two', at: at(11, '10:00'), duration: 120 },
      { title: 'Holiday', at: '2026-03-12T00:00:00Z', duration: 1440, all_day: true },
      { title: 'Conference', at: '2026-03-16T00:00:00Z', duration: 3 * 1440, all_day: true },
      { title: 'Night train', at: at(13, '22:00'), duration: 600 },
      { title: 'Retreat', at: '2026-03-20T00:00:00Z', duration: 5 * 1440, all_day: true },
    ])
    await openSynced()
  },
})

export const outsideWindow = scenario({
  happened: 'Ada looks at a month that is half a year away: the device did not hold it, and fetched it once.',
  rule: 'R1: the month is shown at once with what is known, and fills when the server answers.',
  can: 'Stay and work in it; it is kept on the device.',
  play: async ({ events, openSynced }) => {
    events([{ title: 'Far away', at: '2026-09-09T10:00:00+02:00' }])
    await openSynced()
  },
})

export const archived = scenario({
  happened: 'Ada archived an event. It left the calendar, and nothing was deleted.',
  can: 'Find it in the archive, and take it out again.',
  play: async ({ events, openSynced, calendar, synced }) => {
    events([
      { title: 'Kept', at: '2026-03-10T10:00:00+01:00' },
      { title: 'Put away', at: '2026-03-11T10:00:00+01:00' },
    ])
    await openSynced()
    const [, second] = await calendar.events$({ from: 0, to: Date.parse('2026-04-01') }).ready
    await calendar.archiveEvent(second?.id ?? '')
    await synced()
  },
})

export const hidden = scenario({
  happened: 'Ada has hidden the calendar “Family”: its events are left out.',
  can: 'Show the calendar again; events filed under no calendar are always shown.',
  play: async ({ events, openSynced }) => {
    events([
      { title: 'School', at: '2026-03-10T10:00:00+01:00', filed: { calendar_id: calendars.family } },
      { title: 'Office', at: '2026-03-11T10:00:00+01:00', filed: { calendar_id: calendars.work } },
      { title: 'Nowhere', at: '2026-03-12T10:00:00+01:00' },
    ])
    await openSynced()
  },
})
