import fc from 'fast-check'
import { expect, test } from 'vitest'
import { backoff } from './backoff.js'

test('the wait doubles up to its cap, and chance takes any part of it', () => {
  const longest = [0, 1, 2, 3, 4, 5, 6, 60].map((attempt) => backoff(attempt, () => 1))
  expect(longest).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000])
  expect(backoff(3, () => 0.25)).toBe(2_000)
})

test('a wait is never shorter than the server asks, and never negative', () => {
  fc.assert(
    fc.property(
      fc.nat(2_000),
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.nat(600_000),
      (attempt, chance, asked) => {
        expect(backoff(attempt, () => chance, asked)).toBeGreaterThanOrEqual(asked)
      },
    ),
  )
})
