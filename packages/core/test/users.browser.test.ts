import { expect, onTestFinished, test } from 'vitest'
import { contentOf, makeBrowserWorld, type BrowserWorld } from './browserWorld.js'
import { schema, until } from './world.js'

function world(): BrowserWorld {
  const made = makeBrowserWorld()
  onTestFinished(() => made.end())
  made.online$.next(false)
  return made
}

test('R7: a second user of the browser reads nothing of the first, in memory or on the disk', async () => {
  const made = world()
  const tide = made.tab(schema)
  const rows = tide.tables.lists.rows$()
  rows.subscribe()
  await tide.start('user-a')
  await tide.tables.lists.insert({ id: 'l1', title: 'Secret of a' })
  const [first = ''] = await made.databases()
  await tide.signOut({ pending: 'keep' })
  expect(rows.current).toBeUndefined()
  await tide.start('user-b')
  expect(await rows.ready).toEqual([])
  expect(await tide.tables.lists.get('l1')).toBeNull()
  await until('status is told', () => tide.status$.current?.name !== 'starting')
  expect(tide.outbox.pending$.current).toEqual([])
  await tide.tables.lists.insert({ id: 'l2', title: 'Secret of b' })
  await tide.stop()
  const names = await made.databases()
  expect(names).toHaveLength(2)
  const second = names.find((name) => name !== first) ?? ''
  expect(names.join()).not.toMatch(/user-[ab]/)
  expect(await contentOf(first)).toMatch(/Secret of a/)
  expect(await contentOf(first)).not.toMatch(/Secret of b/)
  expect(await contentOf(second)).toMatch(/Secret of b/)
  expect(await contentOf(second)).not.toMatch(/Secret of a/)
  await tide.start('user-a')
  expect(await rows.ready).toMatchObject([{ id: 'l1', title: 'Secret of a', _pending: true }])
})

test('R7: two tabs of two users hear nothing of each other', async () => {
  const made = world()
  const [a, b, again] = [made.tab(schema), made.tab(schema), made.tab(schema)]
  await Promise.all([a.start('user-a'), b.start('user-b'), again.start('user-a')])
  const [seenByB, seenAgain] = [b.tables.lists.rows$(), again.tables.lists.rows$()]
  for (const seen of [seenByB, seenAgain]) seen.subscribe()
  await Promise.all([seenByB.ready, seenAgain.ready])
  await a.tables.lists.insert({ id: 'l1', title: 'Secret of a' })
  await until('the other tab of the same user shows it', () => seenAgain.current?.length === 1)
  expect(seenByB.current).toEqual([])
  expect(b.status$.current).toMatchObject({ pending: 0 })
})

test('R7: signing out for good leaves nothing of the user on the device', async () => {
  const made = world()
  const tide = made.tab(schema)
  await tide.start('user-a')
  await tide.tables.lists.insert({ id: 'l1', title: 'Secret of a' })
  await tide.signOut({ pending: 'discard' })
  expect(await made.databases()).toEqual([])
  await tide.start('user-a')
  expect(await tide.tables.lists.rows$().ready).toEqual([])
})
