import fc from 'fast-check'
import { expect, test } from 'vitest'
import { compareInstants } from './instant.js'

const zones = ['Z', '+00:00', '+05:30', '-08:00', '+14:00', '-00:01'] as const
const offsetOf = (zone: string): number => {
  const [sign, hours = '0', minutes = '0'] = zone === 'Z' ? ['+'] : [zone[0], zone.slice(1, 3), zone.slice(4)]
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000
}

/** An instant in µs since the epoch, as Postgres writes it in a time zone: without trailing zeros in the fraction. */
function written(micros: bigint, zone: string): string {
  const below = ((micros % 1_000_000n) + 1_000_000n) % 1_000_000n
  const seconds = Number((micros - below) / 1_000_000n) * 1_000
  const text = new Date(seconds + offsetOf(zone)).toISOString().slice(0, 19)
  const fraction = String(below).padStart(6, '0').replace(/0+$/, '')
  return `${text}${fraction && `.${fraction}`}${zone}`
}

const zone = fc.constantFrom(...zones)
const micros = fc.bigInt({ min: -62_000_000_000_000_000n, max: 250_000_000_000_000_000n })
/** Two instants that are often less than a millisecond apart. */
const pairs = fc
  .tuple(
    micros,
    fc.oneof(fc.bigInt({ min: -2_000n, max: 2_000n }), fc.bigInt({ min: -90_000_000n, max: 90_000_000n })),
  )
  .map(([a, apart]) => [a, a + apart] as const)

test('instants are ordered by their microseconds, whatever zone they are written in', () => {
  fc.assert(
    fc.property(pairs, zone, zone, ([a, b], left, right) => {
      const order = compareInstants(written(a, left), written(b, right))
      expect(Math.sign(order ?? Number.NaN)).toBe(a < b ? -1 : a > b ? 1 : 0)
    }),
    { numRuns: 2_000 },
  )
})

test('dates are instants of whole milliseconds', () => {
  fc.assert(
    fc.property(pairs, zone, ([a, b], left) => {
      const millis = b - (((b % 1_000n) + 1_000n) % 1_000n)
      const order = compareInstants(written(a, left), new Date(Number(millis / 1_000n)))
      expect(Math.sign(order ?? Number.NaN)).toBe(a < millis ? -1 : a > millis ? 1 : 0)
    }),
  )
  expect(compareInstants('2026-03-01', new Date('2026-03-01T00:00:00Z'))).toBe(0)
})

test('what is no instant has no order', () => {
  const now = new Date()
  for (const value of [undefined, null, '', 'infinity', 'soon', 7, {}, new Date(Number.NaN)]) {
    expect(compareInstants(value, now)).toBeUndefined()
    expect(compareInstants(now, value)).toBeUndefined()
  }
})
