import { afterAll, beforeAll, expect, test } from 'vitest'
import { compare, timed } from './compare.js'
import { makeEvents, makeTide, type Tide } from './world.js'

const table: string[] = []
let few: Tide
let many: Tide

beforeAll(async () => {
  few = makeTide(`few-${crypto.randomUUID()}`)
  many = makeTide(`many-${crypto.randomUUID()}`)
  await few.start('bench')
  await many.start('bench')
  await Promise.all(makeEvents(10_000).map((event) => many.tables.events.insert(event)))
})
afterAll(async () => {
  console.log(['', ...table].join('\n'))
  await Promise.all([few, many].map((tide) => tide.signOut({ pending: 'discard' })))
})

let from = 100_000
/** Ten writes, one after the other, each until it is durable. */
const writeTen = (tide: Tide) =>
  timed(async () => {
    for (const event of makeEvents(10, (from += 10))) await tide.tables.events.insert(event)
  })

test('a write costs at most 1.5 × as much while 10,000 mutations wait as among the first hundred', async () => {
  const { ours, theirs, ratio } = await compare(
    () => writeTen(many),
    () => writeTen(few),
    { rounds: 9, warmUp: 1 },
  )
  table.push(
    `10 writes: ${ours.toFixed(1)} ms with 10,000 pending, ${theirs.toFixed(1)} ms with at most 100, ratio ${ratio.toFixed(2)} (target ≤ 1.5)`,
  )
  expect(ratio).toBeLessThanOrEqual(1.5)
})
