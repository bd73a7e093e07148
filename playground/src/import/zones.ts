import { instantOf, isZone } from '@tidemark/calendar'
import ICAL from 'ical.js'
import type { IcsComponent } from './componentTree.js'
import { IcsError } from './icsError.js'

/** Finds the zone that a TZID names. */
export type FindZone = (tzid: string, line: number) => ICAL.Timezone

/** A zone whose rules the JavaScript engine knows: complete and current, unlike many a VTIMEZONE. */
export class IanaZone extends ICAL.Timezone {
  constructor(tzid: string) {
    super({ tzid })
  }

  /** Seconds by which the clocks that show `time` are ahead of UTC. */
  override utcOffset(time: ICAL.Time): number {
    const wall = wallTimeOf(time)
    return (wall - instantOf(wall, this.tzid)) / 1000
  }
}

/** What clocks show at a time, as the ms that it would have in UTC. */
export function wallTimeOf({ year, month, day, hour, minute, second }: ICAL.Time): number {
  const shown = new Date(0)
  shown.setUTCFullYear(year, month - 1, day)
  return shown.setUTCHours(hour, minute, second)
}

/**
 * The zones of a calendar. A name that is known everywhere means what it means everywhere; any other name
 * (Outlook's, for one) means what the file's VTIMEZONE says.
 *
 * @param local the zone of times that name none
 * @returns throws IcsError for a name that nobody explains
 */
export function zonesOf(calendar: IcsComponent, local: string): { find: FindZone; local: ICAL.Timezone } {
  const own = new Map(
    calendar.children.filter(({ name }) => name === 'vtimezone').map((zone) => [tzidOf(zone), zone] as const),
  )
  const known = new Map<string, ICAL.Timezone>()
  const find: FindZone = (tzid, line) => {
    const zone = known.get(tzid) ?? makeZone(tzid, own.get(tzid))
    if (!zone)
      throw new IcsError(
        line,
        `The time zone “${tzid.slice(0, 60)}” is unknown, and the file does not explain it.`,
      )
    known.set(tzid, zone)
    return zone
  }
  return { find, local: new IanaZone(local) }
}

function makeZone(tzid: string, component: IcsComponent | undefined): ICAL.Timezone | undefined {
  const iana = [tzid, globalName(tzid)].find((name) => name !== '' && isZone(name))
  if (iana !== undefined) return new IanaZone(iana)
  return component && zoneFrom(component, tzid)
}

/** Older programs put their own name before the one that everybody knows: `/softwarestudio.org/Tzfile/Europe/Berlin`. */
const globalName = (tzid: string): string => (tzid.startsWith('/') ? tzid.split('/').slice(-2).join('/') : '')

function zoneFrom(component: IcsComponent, tzid: string): ICAL.Timezone {
  for (const observance of component.children) checkRules(observance)
  return new ICAL.Timezone({ tzid, component: new ICAL.Component(toJCal(component)) })
}

/** Clocks change at most once a year by a rule; one that says otherwise would be followed for a very long time. */
function checkRules({ properties }: IcsComponent): void {
  for (const { name, line, jCal } of properties) {
    if (name !== 'rrule') continue
    const { freq, byhour, byminute, bysecond } = Object(jCal[3]) as Record<string, unknown>
    if (freq !== 'YEARLY' || (byhour ?? byminute ?? bysecond) !== undefined) {
      throw new IcsError(line, 'A time zone changes clocks on days of the year.')
    }
  }
}

const tzidOf = ({ properties }: IcsComponent): string =>
  String(properties.find(({ name }) => name === 'tzid')?.jCal[3])

type JCalComponent = [string, unknown[], JCalComponent[]]
const toJCal = ({ name, properties, children }: IcsComponent): JCalComponent => [
  name,
  properties.map(({ jCal }) => jCal),
  children.map(toJCal),
]
