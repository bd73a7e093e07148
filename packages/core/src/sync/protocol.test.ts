import 'fake-indexeddb/auto'
import { afterEach, expect, test } from 'vitest'
import { MemoryRemote } from '../../test/memoryRemote.js'
import { makeWorld, until, type Tide } from '../../test/world.js'
import type { ExactPullAnswer, ExactPullRequest } from '../remote/exact.js'
import type { Transport } from '../remote/remote.js'

let tide: Tide | undefined
afterEach(() => tide?.stop())

/** A server that takes its time to say that none of its tables is in exact mode. */
class SlowRemote extends MemoryRemote {
  asked = 0
  most = 0
  #running = 0

  readonly exact: NonNullable<Transport['exact']> = {
    pull: async ({ tables }: ExactPullRequest): Promise<ExactPullAnswer> => {
      this.asked += 1
      this.#running += 1
      this.most = Math.max(this.most, this.#running)
      await new Promise((resolve) => setTimeout(resolve, 20))
      this.#running -= 1
      const position = { epoch: 'e', role: 'authenticated', cookie: '1:1:', snapshot: '1:1:' }
      return { ...position, reset: false, expired: false, missing: tables, tables: {}, page: null }
    },
    push: () => Promise.reject(new Error('Nothing is sent in exact mode.')),
    digest: () => Promise.reject(new Error('Nothing is compared.')),
  }
}

test('R9: a push that has to know the modes waits for the pull that is asking, and does not ask beside it', async () => {
  const remote = new SlowRemote()
  tide = makeWorld(remote).tab()
  await tide.start('user-a')
  await tide.tables.lists.insert({ id: 'a', title: 'written before the modes are known' })
  await until('the write is sent', () => remote.rows('lists').has('a'))
  expect(remote.most).toBe(1)
})
