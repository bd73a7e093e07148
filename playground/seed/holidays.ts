import Holidays from 'date-holidays'
import { day, dayMs, type Guest, type PlannedEvent, type PlannedLabel } from './plan.ts'

/** ISO codes of the countries, and the color of each one's calendar. */
const countries = {
  AR: 'blue',
  AU: 'orange',
  BR: 'green',
  CA: 'red',
  DE: 'gray',
  ES: 'orange',
  FR: 'blue',
  GB: 'purple',
  IN: 'orange',
  IT: 'green',
  JP: 'pink',
  KR: 'teal',
  MX: 'green',
  NO: 'red',
  US: 'blue',
  ZA: 'teal',
} as const
type Country = keyof typeof countries

/** The countries whose days off Ben needs as well. */
const shared: readonly Country[] = ['DE', 'JP', 'US']

const codes = Object.keys(countries) as Country[]
const calendarKey = (country: Country): string => `holidays-${country}`
const longestDays = 31

/** A calendar a country; those of the two home countries and Japan are shown. */
export function holidayCalendars(): PlannedLabel[] {
  const names = new Intl.DisplayNames('en', { type: 'region' })
  const label = (owner: PlannedLabel['owner'], country: Country): PlannedLabel => ({
    owner,
    key: calendarKey(country),
    name: `Holidays in ${names.of(country) ?? country}`,
    color: countries[country],
    visible: shared.includes(country),
  })
  return [...codes.map((country) => label('ada', country)), ...shared.map((country) => label('ben', country))]
}

/** The public holidays of the countries, under the names they have there, as all-day events of Ada's. */
export function holidayEvents(years: readonly number[]): PlannedEvent[] {
  return codes.flatMap((country) => {
    const calendar = new Holidays(country, { types: ['public'] })
    const found = years.flatMap((year) => calendar.getHolidays(year))
    const events = found.map((holiday) => toEvent(country, holiday))
    return [...new Map(events.map((event) => [event.key, event])).values()]
  })
}

type Holiday = ReturnType<Holidays['getHolidays']>[number]

/** All-day events lie on UTC midnights, so that they are the same day everywhere. */
function toEvent(country: Country, { date, name, start, end }: Holiday): PlannedEvent {
  const from = date.slice(0, 10)
  const days = Math.round((+end - +start) / dayMs)
  const filing = { calendar: calendarKey(country), showTimeAs: 'free', defense: 'flexible' } as const
  const ben: Guest = { role: 'viewer', rsvp: 'accepted', filing }
  return {
    key: `${calendarKey(country)}/${from}/${name}`,
    owner: 'ada',
    title: name,
    start: Date.parse(`${from}T00:00:00Z`),
    minutes: Math.min(Math.max(days, 1), longestDays) * day,
    allDay: true,
    filing,
    ...(shared.includes(country) && { guests: { ben } }),
  }
}
