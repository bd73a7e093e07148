import { IDBFactory } from 'fake-indexeddb'
import 'fake-indexeddb/auto'
import { expect, onTestFinished, test } from 'vitest'
import { settled, virtualPorts } from '../../test/virtualPorts.js'
import { browserPorts } from '../base/browserPorts.js'
import { Database } from '../store/database.js'
import { Store } from '../store/store.js'
import { holdLease, type Lead } from './lease.js'
import { whileLeading } from './whileLeading.js'

const silent = { blocked: () => undefined, superseded: () => undefined }
/** A tab with a clock of its own: while that stands still, the tab sleeps. */
async function openTab(factory: IDBFactory) {
  const name = 'lease-test'
  const { ports, pass } = virtualPorts()
  const store = new Store(
    new Database(name, 1, [], silent, factory),
    [],
    browserPorts.tabs(crypto.randomUUID()),
  )
  onTestFinished(() => store.close())
  await store.open()
  const standing = new AbortController()
  const tab = {
    store,
    pass,
    standing,
    lead: undefined as Lead | undefined,
    giveBack: (): void => undefined,
    failure: undefined as unknown,
  }
  const held = (lead: Lead): Promise<void> => {
    tab.lead = lead
    return new Promise((resolve) => {
      tab.giveBack = () => {
        tab.lead = undefined
        resolve()
      }
      lead.lost.addEventListener('abort', tab.giveBack)
    })
  }
  holdLease({ store, ports }, standing.signal, held).catch((error: unknown) => (tab.failure = error))
  await idle()
  return tab
}
type Tab = Awaited<ReturnType<typeof openTab>>

/** Lets the database come to rest. */
async function idle(): Promise<void> {
  for (let turn = 0; turn < 25; turn += 1) await settled()
}
async function pass(seconds: number, ...tabs: Tab[]): Promise<void> {
  for (let second = 0; second < seconds; second += 1) {
    for (const tab of tabs) await tab.pass(1_000)
    await idle()
  }
}
const leading = (...tabs: Tab[]) => tabs.map(({ lead }) => lead !== undefined)

test('one of several tabs holds it, for as long as it is awake', async () => {
  const disk = new IDBFactory()
  const tabs = await Promise.all([openTab(disk), openTab(disk), openTab(disk)])
  expect(leading(...tabs).filter(Boolean)).toHaveLength(1)
  const before = leading(...tabs)
  await pass(60, ...tabs)
  expect(leading(...tabs)).toEqual(before)
})

test('what is given back is taken at the next look', async () => {
  const disk = new IDBFactory()
  const [first, second] = [await openTab(disk), await openTab(disk)]
  first.giveBack()
  await idle()
  await pass(2, second)
  expect(leading(first, second)).toEqual([false, true])
})

test('R9: a holder that sleeps loses it; when it wakes it knows, and nothing that it had under way is stored', async () => {
  const disk = new IDBFactory()
  const [first, second] = [await openTab(disk), await openTab(disk)]
  const { lead } = first
  if (!lead) throw new Error('The first tab should lead.')
  const asLeader = whileLeading(first.store, new AbortController().signal, lead)
  expect(await asLeader.commit({ meta: { page: 'early' } })).toBe(true)
  await pass(5, second)
  expect(leading(second)).toEqual([false])
  await pass(5, second)
  expect(leading(second)).toEqual([true])
  let stored = false
  void asLeader.commit({ meta: { page: 'late' } }).then(() => (stored = true))
  await idle()
  expect(await second.store.meta('page')).toBe('early')
  expect(stored).toBe(false)
  expect(lead.lost.aborted).toBe(false)
  await pass(2, first)
  expect(lead.lost.aborted).toBe(true)
  await pass(20, first, second)
  expect(leading(first, second)).toEqual([false, true])
})

test('a holder whose database fails leads no more', async () => {
  const disk = new IDBFactory()
  const tab = await openTab(disk)
  const { lead } = tab
  tab.store.close()
  await pass(3, tab)
  expect(lead?.lost.aborted).toBe(true)
  expect(tab.failure).toBeUndefined()
})

test('who has stopped waiting takes nothing, and who cannot read says so', async () => {
  const disk = new IDBFactory()
  const [first, second, third] = [await openTab(disk), await openTab(disk), await openTab(disk)]
  second.standing.abort()
  third.store.close()
  first.giveBack()
  await pass(10, second, third)
  expect(leading(second, third)).toEqual([false, false])
  expect(third.failure).toMatchObject({ code: 'storage-failed' })
})

test('after its engine was stopped, an answer that comes late is not stored', async () => {
  const { store } = await openTab(new IDBFactory())
  const over = new AbortController()
  const asLeader = whileLeading(store, over.signal, undefined)
  expect(await asLeader.commit({ meta: { page: 1 } })).toBe(true)
  expect(await asLeader.commit({ meta: { page: 2 }, when: ['page', 0] })).toBe(false)
  over.abort()
  let ended = false
  void asLeader.commit({ meta: { page: 3 } }).then(() => (ended = true))
  await idle()
  expect([await asLeader.meta('page'), ended]).toEqual([1, false])
})
