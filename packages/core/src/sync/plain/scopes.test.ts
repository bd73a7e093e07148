import 'fake-indexeddb/auto'
import { expect, onTestFinished, test } from 'vitest'
import { z } from 'zod'
import { MemoryRemote } from '../../../test/memoryRemote.js'
import { makeWorld, until } from '../../../test/world.js'
import { createTidemark, defineSchema, defineTable } from '../../index.js'
import type { Table } from '../../schema/table.js'

const text = z.string()
const members = defineTable({
  name: 'members',
  row: z.object({ board_id: text, user_id: text, updated_at: text }),
  key: ['board_id', 'user_id'],
})
const boards = defineTable({
  name: 'boards',
  row: z.object({ id: text, name: text, updated_at: text }),
  key: 'id',
  scopes: [{ table: 'members', column: 'board_id' }],
})
const notes = defineTable({
  name: 'notes',
  row: z.object({ id: text, board_id: text, written_at: z.number(), updated_at: text }),
  key: 'id',
  window: { on: 'written_at', before: 86_400_000, after: 86_400_000 },
  scopes: [{ table: 'members', column: 'board_id', on: 'board_id' }],
})
const schema = defineSchema({ version: 1, tables: { members, boards, notes } })

/** A server whose boards and notes are seen by members only. */
function membersRemote(): MemoryRemote {
  const remote = new MemoryRemote()
  const { select } = remote
  remote.select = async (request) => {
    const rows = await select(request)
    const seen = new Set([...remote.rows('members').values()].map(({ board_id }) => board_id))
    return request.table.name === 'members'
      ? rows
      : rows.filter(({ id, board_id }) => seen.has(board_id ?? id))
  }
  return remote
}

async function device() {
  const remote = membersRemote()
  const { ports, name } = makeWorld()
  const put = (table: unknown, row: Record<string, unknown>, tell = false) =>
    remote.put(table as Table, row, tell)
  for (const id of ['b1', 'b2']) {
    put(boards, { id, name: id })
    for (const n of [1, 2]) put(notes, { id: `${id}-${n}`, board_id: id, written_at: Date.now() })
    put(notes, { id: `${id}-old`, board_id: id, written_at: 0 })
  }
  put(members, { board_id: 'b1', user_id: 'user-a' })
  const tide = createTidemark({ name, schema, remote, ports })
  onTestFinished(() => tide.stop())
  await tide.start('user-a')
  const shown = { boards: tide.tables.boards.rows$(), notes: tide.tables.notes.rows$() }
  shown.boards.subscribe()
  shown.notes.subscribe()
  await until('it is synced', () => tide.status$.current?.name === 'synced')
  const ids = () => [...(shown.boards.current ?? []), ...(shown.notes.current ?? [])].map(({ id }) => id)
  return { remote, put, ids }
}

test('R6: a new membership brings the rows that it names, by their keys and by any other column', async () => {
  const { remote, put, ids } = await device()
  expect(ids()).toEqual(['b1', 'b1-1', 'b1-2'])
  remote.requests.length = 0
  put(members, { board_id: 'b2', user_id: 'user-a' }, true)
  await until('all are here', () => ids().length === 6)
  expect(ids()).toEqual(['b1', 'b2', 'b1-1', 'b1-2', 'b2-1', 'b2-2'])
  // The keys, and the rows that are missing, of each table.
  expect(remote.requests.sort()).toEqual(['select boards', 'select boards', 'select notes', 'select notes'])
})

test('R6: a membership that ends takes them away', async () => {
  const { remote, ids } = await device()
  remote.drop(members as unknown as Table, ['b1', 'user-a'])
  await until('all are gone', () => ids().length === 0)
  expect(ids()).toEqual([])
})
