import { days, defineSchema, defineTable } from '@tidemark/core'
import { z } from 'zod'
import type { Scenario } from './scenario.js'

const text = z.string()

const boards = defineTable({
  name: 'boards',
  row: z.object({ id: text, owner_id: text, title: text, updated_at: text }),
  key: 'id',
  scopes: [{ table: 'members', column: 'board_id' }],
})
const members = defineTable({
  name: 'members',
  row: z.object({ board_id: text, user_id: text, note: text, updated_at: text }),
  key: ['board_id', 'user_id'],
  indexes: ['board_id'],
  scopes: [{ table: 'boards', column: 'id', on: 'board_id' }],
})
const cards = defineTable({
  name: 'cards',
  row: z.object({
    id: text,
    board_id: text,
    title: text,
    done: z.boolean().default(false),
    updated_at: text,
  }),
  key: 'id',
  indexes: ['board_id'],
  scopes: [
    { table: 'members', column: 'board_id', on: 'board_id' },
    { table: 'boards', column: 'id', on: 'board_id' },
  ],
})
const notes = defineTable({
  name: 'notes',
  row: z.object({ id: text, user_id: text, title: text, body: text, updated_at: text }),
  key: 'id',
  owner: 'user_id',
  conflict: 'merge',
})
const counters = defineTable({
  name: 'counters',
  row: z.object({ id: text, total: z.number(), updated_at: text }),
  key: 'id',
  // Two devices count at once: what each has added counts.
  conflict: (base, local, remote) => ({ ...remote, total: remote.total + local.total - base.total }),
})
const visits = defineTable({
  name: 'visits',
  row: z.object({ id: text, user_id: text, at: z.number(), title: text, updated_at: text }),
  key: 'id',
  owner: 'user_id',
  conflict: 'updated-at',
  window: { on: 'at', before: days(2), after: days(2) },
})

/**
 * What the engine is simulated with: rows of one's own, rows shared by membership, composite keys, a window, and every conflict
 * policy.
 */
export const boardsScenario: Scenario = {
  schema: defineSchema({ version: 1, tables: { boards, members, cards, notes, counters, visits } }),
  policies: {
    boards: {
      select: (user, { id, owner_id }, rows) =>
        owner_id === user || rows.row('members', [String(id), user]) !== undefined,
      write: (user, { owner_id }) => owner_id === user,
    },
    members: {
      select: (user, { board_id, user_id }, rows) =>
        user_id === user || rows.row('boards', String(board_id))?.owner_id === user,
      write: (user, { board_id }, rows) => rows.row('boards', String(board_id))?.owner_id === user,
    },
    cards: {
      select: (user, { board_id }, rows) =>
        rows.row('boards', String(board_id))?.owner_id === user ||
        rows.row('members', [String(board_id), user]) !== undefined,
    },
    counters: { select: () => true, write: () => true },
  },
  initial: { counters: [{ id: 'all', total: 0 }] },
  check: ({ rows, writes, parked, restored }) => {
    const counted = writes.filter(({ table, state }) => table === 'counters' && state !== 'failed')
    const stored = counted.filter(({ state }) => state === 'stored').length
    const aside = parked.filter(({ table }) => table === 'counters').length
    const total = Number(rows('counters')[0]?.total)
    const isRight = restored || (total >= stored - aside && total <= counted.length)
    return isRight
      ? []
      : [`R5: ${stored} of ${counted.length} counts are certain, and the total is ${total}.`]
  },
  writes: {
    boards: {
      marker: 'title',
      insert: ({ id, user, marker }) => ({ id, owner_id: user, title: marker }),
      update: (row, { user, marker }) => (row.owner_id === user ? { title: marker } : undefined),
    },
    members: {
      insert: ({ rows, users, user, random, marker }) => {
        const board = random.pick(rows('boards').filter(({ owner_id }) => owner_id === user))
        const member = random.pick(users.filter((other) => other !== user))
        return board && member ? { board_id: board.id, user_id: member, note: marker } : undefined
      },
    },
    cards: {
      marker: 'title',
      insert: ({ id, rows, random, marker }) => {
        // Some belong to no board, and are refused.
        const board = random.chance(0.15) ? { id: 'nowhere' } : random.pick(rows('boards'))
        return board && { id, board_id: board.id, title: marker }
      },
      update: (_row, { random, marker }) =>
        random.chance(0.5) ? { title: marker } : { done: random.chance(0.5) },
    },
    notes: {
      marker: 'title',
      insert: ({ id, user, marker }) => ({ id, user_id: user, title: marker, body: '' }),
      update: (_row, { random, marker }) => (random.chance(0.6) ? { title: marker } : { body: marker }),
    },
    visits: {
      insert: ({ id, user, marker, now, random }) => ({
        id,
        user_id: user,
        at: now + (random.int(8) - 4) * 86_400_000,
        title: marker,
      }),
      update: (_row, { marker, now, random }) =>
        random.chance(0.5) ? { title: marker } : { at: now + (random.int(8) - 4) * 86_400_000 },
    },
    counters: {
      // Two tabs of one device write over each other, as two windows of one editor do.
      update: (row, { tabs }) => (tabs === 1 ? { total: Number(row.total) + 1 } : undefined),
      remove: false,
    },
  },
}
