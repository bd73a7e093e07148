import { test } from 'vitest'
import { simulate } from '../src/simulate.js'

/** Tests in parts, so that a run shows how far it is. */
const part = 100

/** R1 to R10 in `count` histories of 300 steps, of the seeds from `first` on. */
export function rulesHold(first: number, count: number): void {
  for (let from = first; from < first + count; from += part)
    test(`R1 to R10 hold in the histories ${from} to ${from + part - 1}`, async () => {
      for (let seed = from; seed < from + part; seed += 1) await simulate({ seed })
    }, 240_000)
}
