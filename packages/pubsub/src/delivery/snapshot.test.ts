import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  before,
  covers,
  formatSnapshot,
  includes,
  oldest,
  parseSnapshot,
  union,
  type Snapshot,
} from './snapshot.js'

const xid = fc.bigInt({ min: 3n, max: 40n })
const snapshots = fc
  .record({ xmax: xid, running: fc.uniqueArray(xid) })
  .map(({ xmax, running }): Snapshot => ({ xmax, running: new Set(running.filter((id) => id < xmax)) }))
const all = Array.from({ length: 45 }, (_, index) => BigInt(index + 3))
const content = (snapshot: Snapshot) => all.filter((id) => includes(snapshot, id))

test('a snapshot is read and written as Postgres writes it', () => {
  expect(formatSnapshot(parseSnapshot('10:20:10,14,18'))).toBe('10:20:10,14,18')
  expect(formatSnapshot(parseSnapshot('20:20:'))).toBe('20:20:')
  fc.assert(
    fc.property(snapshots, (one) => {
      expect(parseSnapshot(formatSnapshot(one))).toEqual(one)
    }),
  )
})

test('a union includes what one or the other includes', () => {
  fc.assert(
    fc.property(snapshots, snapshots, (one, other) => {
      const either = all.filter((id) => includes(one, id) || includes(other, id))
      expect(content(union(one, other))).toEqual(either)
    }),
  )
})

test('one covers another exactly when it includes all of it', () => {
  fc.assert(
    fc.property(snapshots, snapshots, (one, other) => {
      expect(covers(one, other)).toBe(content(other).every((id) => includes(one, id)))
    }),
  )
})

test('a snapshot of before knows no transaction that is younger', () => {
  fc.assert(
    fc.property(snapshots, fc.bigInt({ min: 0n, max: 50n }), (one, count) => {
      const earlier = before(one, count)
      expect(covers(one, earlier)).toBe(true)
      expect(content(earlier).every((id) => id < oldest(one))).toBe(true)
    }),
  )
})
