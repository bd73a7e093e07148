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
  const [starts, resets]: [number[], number[]] = [[], []]
  for (let round = 0; round < 5; round += 1) {
    const [taken, server] = await timed(() => startDevServer({ port: 0, migrations: [directory] }))
    starts.push(taken)
    for (let turn = 0; turn < 5; turn += 1) {
      await server.sql('delete from items where id > 5000')
      resets.push((await timed(() => server.reset()))[0])
    }
    expect(await server.sql('select count(*) from items')).toEqual([{ count: '10000' }])
    await server.stop()
  }
  const figures = { start: figuresOf(starts), reset: figuresOf(resets) }
  console.log(`start and reset, ms: ${JSON.stringify(figures)}`)
  expect(figures.start.best).toBeLessThan(1_500)
  expect(figures.reset.best).toBeLessThan(100)
})
