import 'fake-indexeddb/auto'
import { afterEach, expect, test } from 'vitest'
import { MemoryRemote } from '../../../test/memoryRemote.js'
import { makeWorld, schema, until, type Tide } from '../../../test/world.js'
import { createTidemark } from '../../index.js'
import type { ExactPullAnswer, ExactPullRequest } from '../../remote/exact.js'
import type { Transport } from '../../remote/remote.js'

const tabs: Tide[] = []
afterEach(() => Promise.all(tabs.splice(0).map((tab) => tab.stop())))

/** A server whose answers are given by hand. */
class HandRemote extends MemoryRemote {
  readonly asked: { cookie: string | null; answer: (answer: ExactPullAnswer) => void }[] = []

  readonly exact: NonNullable<Transport['exact']> = {
    pull: ({ cookie }: ExactPullRequest) =>
      new Promise((resolve) => this.asked.push({ cookie, answer: resolve })),
    push: () => Promise.reject(new Error('Nothing is pending.')),
    digest: () => Promise.reject(new Error('Nothing is compared.')),
  }
}

/** A whole answer: at this transaction, these lists are there. */
function answerAt(xid: number, ids: readonly string[]): ExactPullAnswer {
  const cookie = `${xid}:${xid}:`
  const rows = ids.map((id) => ({
    id,
    user_id: 'user-a',
    title: id,
    color: 'blue',
    updated_at: '',
    sync_seq: 1,
  }))
  return {
    epoch: 'e',
    role: 'authenticated',
    cookie,
    snapshot: cookie,
    reset: false,
    expired: false,
    missing: [],
    tables: { lists: { rows, hashes: rows.map(() => 1), gone: [], scopes: [] } },
    page: null,
  }
}

test('R9: an answer that another leader has overtaken is not stored, and its cookie does not count', async () => {
  const world = makeWorld()
  // The browser's lock has failed: whoever asks leads.
  const ports = { ...world.ports, lock: (_: string, __: AbortSignal, held: () => Promise<void>) => held() }
  const leader = async (remote: HandRemote) => {
    const tab = createTidemark({ name: world.name, schema, remote, ports })
    tabs.push(tab)
    await tab.start('user-a')
    await until('it asks', () => remote.asked.length === 1)
    return tab
  }
  const [slow, quick] = [new HandRemote(), new HandRemote()]
  await leader(slow)
  const tab = await leader(quick)
  quick.asked[0]?.answer(answerAt(20, ['a']))
  const shown = () => tab.tables.lists.rows$().current?.map(({ id }) => id)
  const reading = tab.tables.lists.rows$().subscribe()
  await until('the quick answer is shown', () => shown()?.length === 1)
  slow.asked[0]?.answer(answerAt(10, ['deleted since']))
  await until('the leader that was overtaken asks again', () => slow.asked.length > 1)
  expect(slow.asked[1]?.cookie).toBe('20:20:')
  expect(shown()).toEqual(['a'])
  reading.unsubscribe()
})
