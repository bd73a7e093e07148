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
function answerAt(xid: number, ids: readonly string[], sync_seq = 1): ExactPullAnswer {
  const cookie = `${xid}:${xid}:`
  const rows = ids.map((id) => ({
    id,
    user_id: 'user-a',
    title: `${id} of ${sync_seq}`,
    color: 'blue',
    updated_at: '',
    sync_seq,
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

/** A server of which every part differs from what is here. */
class OtherRemote extends HandRemote {
  override readonly exact: NonNullable<Transport['exact']> = {
    ...new HandRemote().exact,
    pull: ({ cookie }) => new Promise((resolve) => this.asked.push({ cookie, answer: resolve })),
    digest: () => {
      const one = Array.from({ length: 256 }, () => 1)
      return Promise.resolve({ epoch: 'f', snapshot: '5:5:', tables: { lists: { counts: one, xors: one } } })
    },
  }
}

test('R6: a server that was set back is followed, although its rows are older than those here', async () => {
  const remote = new OtherRemote()
  const world = makeWorld()
  const tab = createTidemark({ name: world.name, schema, remote, ports: world.ports })
  tabs.push(tab)
  await tab.start('user-a')
  const rows = tab.tables.lists.rows$()
  const subscription = rows.subscribe()
  const answer = async (count: number, given: ExactPullAnswer) => {
    await until('it asks', () => remote.asked.length === count)
    remote.asked[count - 1]?.answer(given)
  }
  await answer(1, answerAt(9, ['l1'], 5))
  await until('the row is here', () => rows.current?.[0]?.title === 'l1 of 5')
  tab.sync()
  await answer(2, { ...answerAt(5, []), epoch: 'f', reset: true, tables: {} })
  await answer(3, { ...answerAt(5, ['l1'], 2), epoch: 'f' })
  await until('it is as the server has it', () => rows.current?.[0]?.title === 'l1 of 2')
  subscription.unsubscribe()
})
