import 'fake-indexeddb/auto'
import { expect, onTestFinished, test } from 'vitest'
import { MemoryRemote } from '../test/memoryRemote.js'
import { makeWorld, until } from '../test/world.js'
import type { ExactMutation, ExactPullAnswer, ExactPushAnswer } from './remote/exact.js'
import type { Transport } from './remote/remote.js'

/** A server that refuses tasks for as long as it is told to, and remembers what it was asked for. */
class StrictRemote extends MemoryRemote {
  refuses = true
  readonly asked: ExactMutation['changes'][] = []

  readonly exact: NonNullable<Transport['exact']> = {
    pull: () => Promise.resolve(this.#pulled()),
    push: (_client, mutations) => Promise.resolve(this.#pushed(mutations)),
    digest: () => Promise.reject(new Error('Nothing is compared.')),
  }

  #pulled(): ExactPullAnswer {
    const position = { epoch: 'e', role: 'authenticated', cookie: '9:9:', snapshot: '9:9:' }
    return { ...position, reset: false, expired: false, missing: [], tables: {}, page: null }
  }

  #pushed(mutations: readonly ExactMutation[]): ExactPushAnswer {
    const results = mutations.map(({ id, changes }) => {
      this.asked.push(changes)
      const change = changes.findIndex(({ table }) => this.refuses && table === 'tasks')
      const error = { code: '23514', message: 'No.', table: 'tasks', change }
      return change < 0 ? { id, status: 'applied' as const } : { id, status: 'refused' as const, error }
    })
    return { epoch: 'e', xid: '5', last: mutations.at(-1)?.id ?? 0, results }
  }
}

test.each(['retry', 'edit'] as const)(
  'R5: a group of which one write was refused is sent again as one, in its order: %s',
  async (how) => {
    const remote = new StrictRemote()
    const tide = makeWorld(remote).tab()
    onTestFinished(() => tide.stop())
    await tide.start('user-a')
    await until('it is in exact mode', () => tide.status$.current?.name === 'synced')
    await tide.write(async ({ tables }) => {
      await tables.lists.insert({ id: 'l1', title: 'New' })
      await tables.tasks.insert({ id: 't1', list_id: 'l1' })
      await tables.lists.insert({ id: 'l2', title: 'Another' })
    })
    await until('it is parked', () => tide.outbox.parked$.current?.length === 1)
    remote.refuses = false
    const [parked] = tide.outbox.parked$.current ?? []
    if (how === 'retry') await tide.outbox.retry(parked?.id ?? '')
    else await tide.outbox.edit(parked?.id ?? '', { done: true })
    await until('all is sent', () => tide.outbox.pending$.current?.length === 0)
    expect(remote.asked.map((changes) => changes.map(({ key }) => key))).toEqual([
      ['l1', 't1', 'l2'],
      ['l1', 't1', 'l2'],
    ])
    expect(remote.asked[1]?.[1]?.values).toMatchObject({ done: how === 'edit' })
  },
)
