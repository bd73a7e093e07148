import 'fake-indexeddb/auto'
import { afterEach, expect, test } from 'vitest'
import { MemoryRemote } from '../../../test/memoryRemote.js'
import { makeWorld, until, type Tide } from '../../../test/world.js'
import type { ExactMutation, ExactPullAnswer, ExactPullRequest } from '../../remote/exact.js'
import type { Transport } from '../../remote/remote.js'

let tide: Tide | undefined
afterEach(() => tide?.stop())

/** A server that can be set back: what it held goes, and another history begins. */
class HistoryRemote extends MemoryRemote {
  epoch = 'first'
  held: Record<string, unknown>[] = []
  /** How often each row was inserted. */
  readonly inserted: string[] = []
  /** What happens after the first page of a pull, which then has another one. */
  between: (() => void) | undefined
  /** A pull waits for it. */
  pulling: Promise<void> = Promise.resolve()
  #xid = 10

  readonly exact: NonNullable<Transport['exact']> = {
    pull: async (request) => {
      await this.pulling
      const answer = this.#pull(request)
      if (!this.between) return answer
      this.between()
      this.between = undefined
      return { ...answer, page: 'more' }
    },
    push: (_client, mutations) => Promise.resolve(this.#push(mutations)),
    digest: () => {
      const none = Array.from({ length: 256 }, () => 0)
      const tables = { lists: { counts: none, xors: none, rows: [], hashes: [] } }
      return Promise.resolve({ epoch: this.epoch, snapshot: '', tables })
    },
  }

  setBack(): void {
    this.epoch = 'second'
    this.held = []
  }

  #push(mutations: readonly ExactMutation[]) {
    this.#xid += 1
    for (const { values, key } of mutations.flatMap(({ changes }) => changes)) {
      this.inserted.push(String(key))
      this.held.push({ ...values, updated_at: '', sync_seq: this.#xid })
    }
    const results = mutations.map(({ id }) => ({ id, status: 'applied' as const }))
    return { epoch: this.epoch, xid: String(this.#xid), last: mutations.at(-1)?.id ?? 0, results }
  }

  #pull({ epoch }: ExactPullRequest): ExactPullAnswer {
    const cookie = `${this.#xid + 1}:${this.#xid + 1}:`
    const reset = epoch !== null && epoch !== this.epoch
    const lists = { rows: this.held, hashes: this.held.map(() => 0), gone: [], scopes: [] }
    const position = { epoch: this.epoch, role: 'authenticated', cookie, snapshot: cookie }
    return { ...position, reset, expired: false, missing: [], tables: reset ? {} : { lists }, page: null }
  }
}

async function begin(): Promise<{ remote: HistoryRemote; tab: Tide }> {
  const remote = new HistoryRemote()
  const tab = makeWorld(remote).tab()
  tide = tab
  await tab.start('user-a')
  await until('it is in exact mode', () => tab.status$.current?.name === 'synced')
  return { remote, tab }
}

test('R5: what another history had applied is sent again after the server was set back', async () => {
  const { remote, tab } = await begin()
  let pull = (): void => undefined
  remote.pulling = new Promise((resolve) => (pull = resolve))
  await tab.tables.lists.insert({ id: 'a', title: 'before' })
  await until('it is applied', () => remote.inserted.length === 1)
  remote.setBack()
  pull()
  await until('it is sent again', () => remote.inserted.length === 2)
  await until('it is there', () => tab.outbox.pending$.current?.length === 0)
})

test('R5: what the new history has applied already is not sent again when that is met', async () => {
  const { remote, tab } = await begin()
  let pull = (): void => undefined
  remote.pulling = new Promise((resolve) => (pull = resolve))
  remote.setBack()
  await tab.tables.lists.insert({ id: 'a', title: 'after' })
  await until('it is applied', () => remote.inserted.length === 1)
  remote.held = [] // Somebody has deleted it.
  pull()
  await until('nothing waits', () => tab.outbox.pending$.current?.length === 0)
  expect(remote.inserted).toEqual(['a'])
})

test('R6: a first pull whose server is set back between two pages keeps nothing of the other history', async () => {
  const remote = new HistoryRemote()
  const row = (id: string) => ({ id, user_id: 'user-a', title: id, updated_at: '', sync_seq: 1 })
  remote.held = [row('before')]
  remote.between = () => {
    remote.setBack()
    remote.held = [row('after')]
  }
  tide = makeWorld(remote).tab()
  const rows$ = tide.tables.lists.rows$()
  const seen = rows$.subscribe()
  await tide.start('user-a')
  await until('it is synced', () => tide?.status$.current?.name === 'synced')
  expect(rows$.current?.map(({ id }) => id)).toEqual(['after'])
  seen.unsubscribe()
})
