import type { Pool } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { poolOf } from '../../test/pool.js'
import { startTestServer, type TestServer } from '../../test/testServer.js'
import { type Filter, parseFilters } from './filters.js'
import { matchingRows } from './matching.js'
import { Metadata } from './metadata.js'

let server: TestServer
let pool: Pool
beforeAll(async () => {
  server = await startTestServer('create table public.items (id int primary key, name text)')
  pool = poolOf(server, { max: 1 })
})
afterAll(async () => {
  await pool.end()
  await server.stop()
})

const rows = [{ id: 1, name: 'one' }, { id: 2, name: null }, { id: 3 }]

async function passing(filters: readonly Filter[][]) {
  const said: string[] = []
  const table = await new Metadata(pool).table('public', 'items')
  if (!table) throw new Error('There is no such table')
  const sets = await matchingRows({ pool, log: (line) => said.push(line) }, table, rows, filters)
  return { positions: sets.map((set) => [...set]), said }
}

describe('the rows that pass filters', () => {
  it('are told by position, for each of more filters than one query takes', async () => {
    const filters = Array.from({ length: 250 }, (_, index) => parseFilters(`id=eq.${String(index)}`))
    const { positions } = await passing(filters)
    expect(positions).toEqual(filters.map((_, index) => (index >= 1 && index <= 3 ? [index - 1] : [])))
  })

  it('have the column of the filter, and no null in it', async () => {
    const filters = ['name=not.eq.two', 'id=gt.0'].map(parseFilters)
    expect((await passing(filters)).positions).toEqual([[0], [0, 1, 2]])
  })

  it('are none for a filter that fails, which is said and keeps no other from being answered', async () => {
    const { positions, said } = await passing(['id=eq.1', 'id=eq.none', 'id=eq.3'].map(parseFilters))
    expect(positions).toEqual([[0], [], [2]])
    expect(said).toEqual([
      expect.stringContaining('a filter of public.items failed: error: invalid input syntax'),
    ])
  })
})
