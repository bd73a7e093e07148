import 'fake-indexeddb/auto'
import { BehaviorSubject } from 'rxjs'
import { expect, onTestFinished, test } from 'vitest'
import { makeWorld, schema, until, type Tide, type World } from '../../test/world.js'
import { browserPorts, createTidemark } from '../index.js'

interface OneTab {
  readonly tide: Tide
  readonly visible$: BehaviorSubject<boolean>
  readonly active$: BehaviorSubject<boolean>
}

/** A tab for which 40 ms are a second, without Web Locks unless they are asked for. */
async function openTab({ name, ports: known, remote }: World, locks = false): Promise<OneTab> {
  const visible$ = new BehaviorSubject(true)
  const active$ = new BehaviorSubject(true)
  const timer: typeof known.timer = (delay, run) => browserPorts.timer(delay / 25, run)
  const ports = { ...known, ...(!locks && { lock: undefined }), visible$, active$, timer }
  const tide = createTidemark({ name, schema, remote, ports })
  onTestFinished(() => tide.stop())
  await tide.start('user-a')
  return { tide, visible$, active$ }
}

const leads = ({ tide }: OneTab): boolean => {
  const status = tide.status$.current
  return status !== undefined && 'leader' in status && status.leader
}
const sent = ({ remote }: World, id: string) => until(`${id} is sent`, () => remote.rows('lists').has(id))

test('without Web Locks one tab leads, by a lease; when it is gone another does, and sends what waits', async () => {
  const world = makeWorld()
  const first = await openTab(world)
  await until('the first leads', () => leads(first))
  const second = await openTab(world)
  await second.tide.tables.lists.insert({ id: 'l1', title: 'Of the second' })
  await sent(world, 'l1')
  expect([leads(first), leads(second)]).toEqual([true, false])
  await first.tide.stop()
  await second.tide.tables.lists.insert({ id: 'l2', title: 'Later' })
  await until('the second leads', () => leads(second))
  await sent(world, 'l2')
  expect(world.remote.requests.filter((request) => request === 'insert lists')).toHaveLength(2)
})

test.each([
  ['by a lease', false],
  ['by a lock', true],
])('%s: a leader that is hidden for long lets a tab lead that is seen', async (_, locks) => {
  const world = makeWorld()
  const first = await openTab(world, locks)
  await until('the first leads', () => leads(first))
  const second = await openTab(world, locks)
  first.visible$.next(false)
  await until('the second leads', () => leads(second))
  expect(leads(first)).toBe(false)
  await first.tide.tables.lists.insert({ id: 'l1', title: 'Of the hidden one' })
  await sent(world, 'l1')
  await until('both show it', () => first.tide.status$.current?.name === 'synced')
})

test.each([
  ['by a lease', false],
  ['by a lock', true],
])('%s: a page that sleeps lets another lead; when it wakes it shows what it missed', async (_, locks) => {
  const world = makeWorld()
  const first = await openTab(world, locks)
  await until('the first leads', () => leads(first))
  const rows = first.tide.tables.lists.rows$()
  rows.subscribe()
  const second = await openTab(world, locks)
  first.active$.next(false)
  await until('the second leads', () => leads(second))
  await until('the first does not any more', () => !leads(first))
  await second.tide.tables.lists.insert({ id: 'l1', title: 'While it slept' })
  await sent(world, 'l1')
  first.active$.next(true)
  await until('the first shows it', () => rows.current?.length === 1)
  await second.tide.stop()
  await until('the first leads again', () => leads(first))
})

test('the only page sleeps and wakes: it leads again, and what was written before is sent', async () => {
  const world = makeWorld()
  const only = await openTab(world, true)
  await until('it is synced', () => only.tide.status$.current?.name === 'synced')
  world.online$.next(false)
  await only.tide.tables.lists.insert({ id: 'l1', title: 'Before' })
  only.active$.next(false)
  world.online$.next(true)
  await new Promise((resolve) => setTimeout(resolve, 50))
  expect(world.remote.rows('lists').has('l1')).toBe(false)
  only.active$.next(true)
  await sent(world, 'l1')
})
