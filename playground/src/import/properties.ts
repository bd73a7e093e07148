import ICAL from 'ical.js'
import type { IcsComponent, IcsProperty } from './componentTree.js'
import { IcsError, onLine } from './icsError.js'
import type { FindZone } from './zones.js'

/** Zones as one calendar has them. */
export interface Zones {
  readonly find: FindZone
  /** Of times that name none. */
  readonly local: ICAL.Timezone
}

export const findProperty = (component: IcsComponent, name: string): IcsProperty | undefined =>
  component.properties.find((property) => property.name === name)

export const findProperties = (component: IcsComponent, name: string): IcsProperty[] =>
  component.properties.filter((property) => property.name === name)

/** A property's text with its escapes undone; empty when there is none. */
export function textOf(component: IcsComponent, name: string): string {
  const value = findProperty(component, name)?.jCal[3]
  return typeof value === 'string' ? value : ''
}

/** A property's text in upper case, for words that stand for something. */
export const wordOf = (component: IcsComponent, name: string): string =>
  textOf(component, name).trim().toUpperCase()

/**
 * The values of a property, decoded.
 *
 * @throws IcsError on the property's line
 */
export function valuesOf({ jCal, line }: IcsProperty): unknown[] {
  return onLine(line, `${jCal[0].toUpperCase()} has a value that cannot be read.`, () =>
    new ICAL.Property(jCal as never).getValues(),
  )
}

/**
 * The times of a property, each in its zone. A period stands for its beginning.
 *
 * @throws IcsError on the property's line
 */
export function timesOf(property: IcsProperty, zones: Zones): ICAL.Time[] {
  const values = valuesOf(property)
  checkDates(property)
  return values.map((value) => {
    const time = value instanceof ICAL.Period ? value.start : value
    if (!(time instanceof ICAL.Time)) throw unreadable(property)
    if (!time.isDate && time.zone !== ICAL.Timezone.utcTimezone) time.zone = zoneOf(property, zones)
    return time
  })
}

/** @throws IcsError on the property's line */
export function timeOf(property: IcsProperty, zones: Zones): ICAL.Time {
  const [time] = timesOf(property, zones)
  if (!time) throw unreadable(property)
  return time
}

function zoneOf({ jCal, line }: IcsProperty, zones: Zones): ICAL.Timezone {
  const { tzid } = jCal[1]
  return typeof tzid === 'string' ? zones.find(tzid, line) : zones.local
}

const unreadable = (property: IcsProperty): IcsError =>
  new IcsError(property.line, `${property.name.toUpperCase()} is not a date or a time.`)

/** `ical.js` rolls the 31st of February over into March; a file that says so is broken. */
function checkDates(property: IcsProperty): void {
  for (const value of property.jCal.slice(3).flat()) {
    if (typeof value !== 'string' || /^[-+]?P/.test(value)) continue
    const [, date, time = '00:00:00'] = /^(\d{4}-\d\d-\d\d)(?:T(\d\d:\d\d:\d\d)Z?)?$/.exec(value) ?? []
    const instant = Date.parse(`${String(date)}T${time.replace(/:60$/, ':59')}Z`)
    if (Number.isNaN(instant) || new Date(instant).toISOString().slice(0, 10) !== date)
      throw unreadable(property)
  }
}

/** ms since the epoch. A date alone is its midnight in UTC, so that it is the same day everywhere. */
export const instantOfTime = (time: ICAL.Time): number =>
  time.isDate ? Date.UTC(time.year, time.month - 1, time.day) : time.toUnixTime() * 1000
