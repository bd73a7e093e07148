import 'fake-indexeddb/auto'
import { afterEach, expect, test, vi } from 'vitest'
import { makeWorld, type Tide } from '../test/world.js'
import { Overlay } from './store/overlay.js'
import * as patches from './outbox/patches.js'

const open: Tide[] = []
afterEach(async () => {
  vi.restoreAllMocks()
  await Promise.all(open.splice(0).map((tide) => tide.stop()))
})

/** A tide that is offline, in which `count` writes wait. */
async function waiting(count: number): Promise<Tide> {
  const world = makeWorld()
  world.online$.next(false)
  const tide = world.tab()
  open.push(tide)
  await tide.start('user-a')
  const ids = Array.from({ length: count }, (_, index) => `l${index}`)
  await Promise.all(ids.map((id) => tide.tables.lists.insert({ id, title: id })))
  return tide
}

test('a write lists nothing of what waits, unless somebody watches it', async () => {
  const listed = vi.spyOn(Overlay.prototype, 'mutations')
  const tide = await waiting(2_000)
  for (let index = 0; index < 20; index += 1) await tide.tables.lists.insert({ title: `New ${index}` })
  expect(listed).not.toHaveBeenCalled()
  expect(tide.outbox.pending$.current).toHaveLength(2_020)
  expect(listed).toHaveBeenCalledTimes(1)
})

test('those who watch what waits are told once a turn', async () => {
  const tide = await waiting(3)
  const counts: number[] = []
  tide.outbox.pending$.subscribe((pending) => counts.push(pending.length))
  const writes = [tide.tables.lists.insert({ title: 'a' }), tide.tables.lists.insert({ title: 'b' })]
  expect(tide.outbox.pending$.current).toHaveLength(5)
  await Promise.all(writes)
  expect(counts[0]).toBe(3)
  expect(new Set(counts)).toEqual(new Set([3, 5]))
})

test('a row that is written a thousand times has one patch put on it each time', () => {
  const applied = vi.spyOn(patches, 'applyPatches')
  const overlay = new Overlay()
  for (let rank = 0; rank < 1_000; rank += 1)
    overlay.add(
      [{ id: `m${rank}`, table: 'lists', op: 'update', key: 'l1', patch: { rank } }] as never,
      () => ({ id: 'l1' }),
    )
  expect(overlay.visible('lists', 'l1')).toEqual({ id: 'l1', rank: 999, _pending: true })
  const put = applied.mock.calls.reduce((sum, [, mutations]) => sum + mutations.length, 0)
  expect(put).toBe(1_000)
})
