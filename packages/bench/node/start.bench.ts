import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startDevServer } from '../../dev-server/src/index.js'
import { schema } from './rest.setup.js'

let directory: string
beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'tidemark-bench-'))
  await writeFile(path.join(directory, '0001_items.sql'), schema)
})
afterAll(() => rm(directory, { recursive: true }))

const spares = `select from pg_database where datname like '%\\_spare'`

async function timed<Result>(work: () => Promise<Result>): Promise<readonly [number, Result]> {
  const start = performance.now()
  const result = await work()
  return [performance.now() - start, result]
}

/** The fastest and the middle one: what else the machine does only ever adds. */
function figuresOf(times: readonly number[]) {
  const sorted = [...times].sort((a, b) => a - b)
  return { best: Math.round(sorted[0] ?? Infinity), p50: Math.round(sorted[sorted.length >> 1] ?? Infinity) }
}

it('starts with migrations and rows in under 1.5 s, and is reset to them in under 100 ms', async () => {
  const [starts, firsts, resets]: [number[], number[], number[]] = [[], [], []]
  for (let round = 0; round < 3; round += 1) {
    const [spent, server] = await timed(() => startDevServer({ port: 0, migrations: [directory] }))
    starts.push(spent)
    for (let turn = 0; turn < 5; turn += 1) {
      await server.sql('delete from items where id > 5000')
      // The first one comes right after the start; before each of the others there is time for a test.
      if (turn > 0) await expect.poll(() => server.sql(spares)).toHaveLength(1)
      const taken = (await timed(() => server.reset()))[0]
      ;(turn > 0 ? resets : firsts).push(taken)
    }
    expect(await server.sql('select count(*) from items')).toEqual([{ count: '10000' }])
    await server.stop()
  }
  const figures = { start: figuresOf(starts), first: figuresOf(firsts), reset: figuresOf(resets) }
  console.log(`start, first reset and later ones, ms: ${JSON.stringify(figures)}`)
  expect(figures.start.best).toBeLessThan(1_500)
  expect(figures.first.best).toBeLessThan(100)
  expect(figures.reset.best).toBeLessThan(100)
})
