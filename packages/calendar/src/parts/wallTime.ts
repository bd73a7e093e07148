/** A time on a clock on the wall somewhere, as the ms since the epoch that it would have in UTC. */
export type WallTime = number

const day = 86_400_000
const formats = new Map<string, Intl.DateTimeFormat>()

/** Whether this JavaScript engine knows the rules of an IANA zone. */
export function isZone(zone: string): boolean {
  try {
    formatOf(zone)
    return true
  } catch (error) {
    if (error instanceof RangeError) return false
    throw error
  }
}

/**
 * The instant at which clocks in a zone show a time, in ms. A time that clocks show twice is the first of the two;
 * one that they skip is read with the offset from before the gap, as RFC 5545 says.
 *
 * @throws RangeError when the zone is unknown
 */
export function instantOf(wall: WallTime, zone: string): number {
  const [before, after] = [offsetAt(wall - day, zone), offsetAt(wall + day, zone)]
  if (before === after || offsetAt(wall - before, zone) === before) return wall - before
  return offsetAt(wall - after, zone) === after ? wall - after : wall - before
}

/** What clocks in a zone show at an instant. */
export const wallTimeOf = (instant: number, zone: string): WallTime => instant + offsetAt(instant, zone)

/** ms by which clocks in a zone are ahead of UTC at an instant. */
function offsetAt(instant: number, zone: string): number {
  const second = Math.floor(instant / 1000) * 1000
  const part: Partial<Record<Intl.DateTimeFormatPartTypes, number>> = {}
  for (const { type, value } of formatOf(zone).formatToParts(second)) part[type] = Number(value)
  const { year = 0, month = 1, day: date = 1, hour = 0, minute = 0, second: seconds = 0 } = part
  const shown = new Date(0)
  shown.setUTCFullYear(year, month - 1, date)
  return shown.setUTCHours(hour, minute, seconds) - second
}

/** Making a format costs far more than using it. */
function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone)
  if (known) return known
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    calendar: 'iso8601',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  })
  formats.set(zone, format)
  return format
}
