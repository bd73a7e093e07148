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

  readonly exact: NonNullable<Transport['exact']> = {
    pull: async () => {
      await this.bringing
      return this.#answer()
    },
    push: (_client, mutations) => Promise.resolve(this.#apply(mutations)),
    digest: () => Promise.reject(new Error('Nothing is compared.')),
  }

  #apply(mutations: readonly ExactMutation[]): ExactPushAnswer {
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
