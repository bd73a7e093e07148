import 'fake-indexeddb/auto'
import { afterEach, expect, test, vi } from 'vitest'
import { z } from 'zod'
import { MemoryRemote } from '../../../test/memoryRemote.js'
import { makeWorld, until } from '../../../test/world.js'
import { createTidemark, defineSchema, defineTable, type Tidemark } from '../../index.js'
import type { ExactMutation, ExactPullAnswer, ExactPushAnswer } from '../../remote/exact.js'
import type { Transport } from '../../remote/remote.js'

const row = z.object({ id: z.string(), total: z.number(), updated_at: z.string() })
type Counter = z.infer<typeof row>
type Row = Readonly<Record<string, unknown>>
const decide = vi.fn((_base: Counter, local: Counter, _remote: Counter): Counter => local)
const counters = defineTable({
  name: 'counters',
  row,
  key: 'id',
  conflict: decide,
})
const schema = defineSchema({ version: 1, tables: { counters } })

let tide: Tidemark<typeof schema.tables> | undefined
afterEach(() => tide?.stop())

/** A server of one counter. What was written comes back when `bringing` resolves. */
class CounterRemote extends MemoryRemote {
  row = { id: 'c', total: 0, updated_at: '', sync_seq: 1 }
  bringing: Promise<void> = Promise.resolve()
  /** What the next pushes answer instead of carrying out what they ask for. */
  conflicting: { readonly row: object; asked: number } | undefined

  readonly exact: NonNullable<Transport['exact']> = {
    pull: async () => {
      await this.bringing
      return this.#answer()
    },
    push: (_client, mutations) => Promise.resolve(this.#apply(mutations)),
    digest: () => Promise.reject(new Error('Nothing is compared.')),
  }

  #apply(mutations: readonly ExactMutation[]): ExactPushAnswer {
    const { conflicting } = this
    if (conflicting) {
      conflicting.asked += 1
      const results = mutations.map(({ id }) => ({
        id,
        status: 'conflict' as const,
        change: 0,
        row: conflicting.row as Row,
      }))
      return { epoch: 'e', xid: '1', last: 0, results }
    }
    for (const { values } of mutations.flatMap(({ changes }) => changes))
      this.row = { ...this.row, ...values, sync_seq: this.row.sync_seq + 1 }
    const last = mutations.at(-1)?.id ?? 0
    const results = mutations.map(({ id }) => ({ id, status: 'applied' as const }))
    return { epoch: 'e', xid: String(this.row.sync_seq), last, results }
  }

  #answer(): ExactPullAnswer {
    const cookie = `${this.row.sync_seq + 1}:${this.row.sync_seq + 1}:`
    const tables = { counters: { rows: [this.row], hashes: [1], gone: [], scopes: [] } }
    const position = { epoch: 'e', role: 'authenticated', cookie, snapshot: cookie }
    return { ...position, reset: false, expired: false, missing: [], tables, page: null }
  }
}

test('a conflict function is not asked about a write of this device that has not come back yet', async () => {
  const remote = new CounterRemote()
  const { name, ports } = makeWorld(remote)
  tide = createTidemark({ name, schema, remote, ports })
  await tide.start('user-a')
  const shown = tide.tables.counters.row$('c')
  const reading = shown.subscribe()
  await until('the counter is here', () => shown.current?.total === 0)
  let bring = (): void => undefined
  remote.bringing = new Promise((resolve) => (bring = resolve))
  await tide.tables.counters.update('c', { total: 1 })
  await until('the first write is applied', () => remote.row.total === 1)
  await tide.tables.counters.update('c', { total: 2 })
  await new Promise((resolve) => setTimeout(resolve, 30))
  expect(remote.row.total).toBe(1)
  bring()
  await until('the second write is applied', () => remote.row.total === 2)
  expect(decide).not.toHaveBeenCalled()
  reading.unsubscribe()
})

test.each([
  ['is older than the one that is here', { id: 'c', total: 9, updated_at: '', sync_seq: 0 }],
  ['does not fit its schema', { id: 'c', total: 'many', updated_at: '', sync_seq: 7 }],
])('a row in the way that %s is asked for again later, and not at once for ever', async (_, row) => {
  const remote = new CounterRemote()
  const { name, ports } = makeWorld(remote)
  tide = createTidemark({ name, schema, remote, ports })
  await tide.start('user-a')
  const shown = tide.tables.counters.row$('c')
  const reading = shown.subscribe()
  await until('the counter is here', () => shown.current?.total === 0)
  remote.conflicting = { row, asked: 0 }
  await tide.tables.counters.update('c', { total: 1 })
  await until('it waits', () => tide?.status$.current?.name === 'retrying')
  expect(remote.conflicting.asked).toBe(1)
  expect(tide.outbox.pending$.current).toHaveLength(1)
  remote.conflicting = undefined
  tide.sync()
  await until('it is applied', () => remote.row.total === 1)
  reading.unsubscribe()
})
