import 'fake-indexeddb/auto'
import { QueryObserver } from '@tanstack/query-core'
import { expect, expectTypeOf, onTestFinished, test } from 'vitest'
import { makeClient } from '../../test/cacheWorld.js'
import { makeWorld, until } from '../../test/world.js'
import { keyTable } from './keys.js'
import { tableOptions } from './tableOptions.js'

async function started() {
  const world = makeWorld()
  world.online$.next(false)
  const tide = world.tab()
  await tide.start('user-a')
  onTestFinished(() => tide.stop())
  const { lists } = tide.tables
  await lists.insert({ id: 'l1', title: 'Work' })
  await lists.insert({ id: 'l2', title: 'Home', color: 'red' })
  const client = makeClient()
  const options = tableOptions(keyTable('lists', 'user-a'), lists.rows$({ orderBy: 'title' }))
  const titles = () => client.getQueryData<{ title: string }[]>(options.queryKey)?.map(({ title }) => title)
  const observe = () => {
    const stop = new QueryObserver(client, options).subscribe(() => undefined)
    onTestFinished(stop)
    return stop
  }
  return { tide, lists, client, options, titles, observe }
}

test('R1: a table is a query offline too, and follows every write while it is observed', async () => {
  const { lists, titles, observe } = await started()
  observe()
  await until('it is loaded', () => titles()?.length === 2)
  await lists.insert({ id: 'l3', title: 'Inbox' })
  expect(titles()).toEqual(['Home', 'Inbox', 'Work'])
  await lists.update('l1', { title: 'Archive' })
  await lists.delete('l2')
  expect(titles()).toEqual(['Archive', 'Inbox'])
})

test('rows that did not change keep their identity', async () => {
  const { lists, client, options, titles, observe } = await started()
  observe()
  await until('it is loaded', () => titles()?.length === 2)
  const before = client.getQueryData<object[]>(options.queryKey)
  await lists.update('l1', { title: 'Zoo' })
  const after = client.getQueryData<object[]>(options.queryKey)
  expect(after?.[0]).toBe(before?.[0])
  expect(after?.[1]).not.toBe(before?.[1])
})

test('what nobody observes does not follow; the next observer sees what is there', async () => {
  const { lists, client, options, titles, observe } = await started()
  await client.fetchQuery(options)
  await lists.insert({ id: 'l3', title: 'Inbox' })
  expect(titles()).toHaveLength(2)
  const stop = observe()
  await until('it is current', () => titles()?.length === 3)
  stop()
  await lists.insert({ id: 'l4', title: 'Later' })
  expect(titles()).toHaveLength(3)
  observe()
  await until('it is current again', () => titles()?.length === 4)
  await lists.delete('l4')
  expect(titles()).toHaveLength(3)
})

test('R7: after sign-out nothing is shown', async () => {
  const { tide, titles, observe } = await started()
  observe()
  await until('it is loaded', () => titles()?.length === 2)
  await tide.signOut({ pending: 'keep' })
  await until('it is empty', () => titles() === undefined)
})

test('one row is a query as well, null when it is not there; types come from the table', async () => {
  const { lists, client } = await started()
  const row = tableOptions(keyTable('lists', 'user-a', { id: 'l1' }), lists.row$('l1'))
  const none = tableOptions(keyTable('lists', 'user-a', { id: 'no' }), lists.row$('no'))
  const found = await client.fetchQuery(row)
  expect(found).toMatchObject({ title: 'Work' })
  expect(await client.fetchQuery(none)).toBeNull()
  expectTypeOf(found?.title).toEqualTypeOf<string | undefined>()
})
