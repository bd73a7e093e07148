import { expect, test } from 'vitest'
import { event, makeCache } from '../../test/cacheWorld.js'
import { coalesce } from './coalesce.js'
import { keyDoc, keyList, keyListHeads } from './keys.js'

test('an update invalidates its document alone', () => {
  const { client, handle, stateOf } = makeCache()
  const others = [keyDoc('wo', '2'), keyDoc('lot', '1'), keyListHeads('wo', 'f1')]
  for (const key of [keyDoc('wo', '1'), ...others]) client.setQueryData(key, {})
  handle({})
  expect(stateOf(keyDoc('wo', '1'))?.isInvalidated).toBe(true)
  for (const key of others) expect(stateOf(key)?.isInvalidated).toBe(false)
})

test.each(['update', 'approve', 'reject'] as const)(
  '%s with values patches the document and fetches nothing',
  (action) => {
    const { handle, show, client } = makeCache()
    const shown = show(keyDoc('wo', '1'), { id: '1', title: 'Old', version: 4 })
    handle({
      action,
      version: 5,
      changedKeys: ['title', 'note'],
      patch: { title: 'New', note: 'not asked for' },
    })
    expect(client.getQueryData(keyDoc('wo', '1'))).toEqual({ id: '1', title: 'New', version: 5 })
    expect(shown.fetches).toBe(0)
  },
)

test('an update without all its values is fetched', () => {
  const { handle, show } = makeCache()
  const shown = show(keyDoc('wo', '1'), { title: 'Old', color: 'red' })
  handle({ changedKeys: ['title', 'color'], patch: { title: 'New' } })
  expect(shown.fetches).toBe(1)
})

test('a stale version is dropped, a newer one is not', () => {
  const { handle, client, stateOf } = makeCache()
  client.setQueryData(keyDoc('wo', '1'), { title: 'Fifth', version: 5 })
  handle({ version: 4, changedKeys: ['title'], patch: { title: 'Fourth' } }, { version: 3 })
  handle({ version: 4, action: 'delete' })
  expect(client.getQueryData(keyDoc('wo', '1'))).toEqual({ title: 'Fifth', version: 5 })
  expect(stateOf(keyDoc('wo', '1'))?.isInvalidated).toBe(false)
  handle({ version: 6 })
  expect(stateOf(keyDoc('wo', '1'))?.isInvalidated).toBe(true)
})

test('a patch whose predecessor was missed shows at once, and the document is fetched all the same', () => {
  const { handle, show, client } = makeCache()
  const shown = show(keyDoc('wo', '1'), { title: 'Old', color: 'red', version: 1 })
  handle({ version: 3, changedKeys: ['title'], patch: { title: 'New' } })
  expect(client.getQueryData(keyDoc('wo', '1'))).toMatchObject({ title: 'New' })
  expect(shown.fetches).toBe(1)
})

test('two versions that came together are one whole patch', () => {
  const { handle, show, client } = makeCache()
  const shown = show(keyDoc('wo', '1'), { title: 'Old', color: 'red', version: 1 })
  const second = event({ version: 2, changedKeys: ['color'], patch: { color: 'blue' } })
  handle(coalesce([event({ version: 3, changedKeys: ['title'], patch: { title: 'New' } }), second]))
  expect(client.getQueryData(keyDoc('wo', '1'))).toEqual({ title: 'New', color: 'blue', version: 3 })
  expect(shown.fetches).toBe(0)
})

test('a patch makes a document neither younger nor valid', () => {
  const { handle, client, stateOf } = makeCache()
  client.setQueryData(keyDoc('wo', '1'), { title: 'Old' }, { updatedAt: 1_000 })
  handle({})
  handle({ changedKeys: ['title'], patch: { title: 'New' } })
  expect(stateOf(keyDoc('wo', '1'))).toMatchObject({
    data: { title: 'New' },
    dataUpdatedAt: 1_000,
    isInvalidated: true,
  })
})

test("a patch cannot reach what is not the document's own", () => {
  const { handle, client } = makeCache()
  client.setQueryData(keyDoc('wo', '1'), { title: 'Old' })
  handle({ patch: JSON.parse('{"__proto__":{"evil":1},"constructor":1,"title":"New"}') })
  expect(client.getQueryData(keyDoc('wo', '1'))).toEqual({ title: 'New' })
  expect(({} as any).evil).toBeUndefined()
})

test.each(['create', 'delete'] as const)(
  '%s fetches the shown first page of the lists of its type, and no other',
  (action) => {
    const { handle, show, stateOf } = makeCache()
    const heads = show(keyListHeads('wo', 'f1'), [])
    const filtered = show(['list', 'wo', 'f1', { page: 1, status: 'open' }], [])
    const others = [keyList('wo', 'f1', 2), keyListHeads('lot', 'f1'), keyListHeads('wo', 'f2')]
    const shown = others.map((key) => show(key, []))
    handle({ action })
    expect([heads.fetches, filtered.fetches]).toEqual([1, 1])
    expect(shown.map(({ fetches }) => fetches)).toEqual([0, 0, 0])
    for (const key of others) expect(stateOf(key)?.isInvalidated).toBe(false)
  },
)

test('10,000 creates of one import fetch each shown list once', async () => {
  const { handle, show } = makeCache()
  const lists = ['wo', 'lot'].map((type) => show(keyListHeads(type, 'f1'), []))
  const notShown = show(keyListHeads('grn', 'f1'), [])
  handle(
    ...Array.from({ length: 10_000 }, (_, n) => ({
      action: 'create' as const,
      id: `${n}`,
      type: n % 2 === 0 ? 'wo' : 'lot',
    })),
  )
  for (const list of lists) await list.answer([1])
  expect(lists.map(({ fetches }) => fetches)).toEqual([1, 1])
  expect(notShown.fetches).toBe(0)
})

test("another scope's events and unknown types change nothing", () => {
  const { handle, client, stateOf } = makeCache()
  for (const key of [keyDoc('wo', '1'), keyListHeads('wo', 'f1')]) client.setQueryData(key, {})
  handle({ factoryId: 'f2' }, { factoryId: 'f2', action: 'create' }, { type: '__proto__', action: 'delete' })
  expect(stateOf(keyDoc('wo', '1'))?.isInvalidated).toBe(false)
  expect(stateOf(keyListHeads('wo', 'f1'))?.isInvalidated).toBe(false)
})

test('a deleted document leaves the cache; where it is shown, it is asked for and found missing', async () => {
  const { handle, show, client, stateOf } = makeCache()
  client.setQueryData(keyDoc('wo', '2'), { title: 'Not shown' })
  const shown = show(keyDoc('wo', '1'), { title: 'Shown' })
  handle({ action: 'delete' }, { action: 'delete', id: '2' })
  expect(stateOf(keyDoc('wo', '2'))).toBeUndefined()
  expect(stateOf(keyDoc('wo', '1'))?.data).toBeUndefined()
  await shown.fail({ status: 404 })
  expect(stateOf(keyDoc('wo', '1'))).toMatchObject({ status: 'error', data: undefined })
})

test('a fetch that was under way does not bring a deleted document back', async () => {
  const { handle, show, stateOf, client } = makeCache()
  const shown = show(keyDoc('wo', '1'), { title: 'Shown' })
  void client.refetchQueries({ queryKey: keyDoc('wo', '1') })
  handle({ action: 'delete' })
  await shown.answer({ title: 'Back' })
  expect(stateOf(keyDoc('wo', '1'))?.data).toBeUndefined()
  await shown.fail({ status: 404 })
  expect(stateOf(keyDoc('wo', '1'))?.status).toBe('error')
})

test('a document that was told missing is asked for once it is created', async () => {
  const { handle, show } = makeCache()
  const shown = show(keyDoc('wo', '1'))
  await shown.fail({ status: 404 })
  handle({ action: 'create' })
  expect(shown.fetches).toBe(2)
})

test('what may have been missed is fetched once where it is shown, and marked elsewhere', () => {
  const { handler, show, client, stateOf } = makeCache()
  const doc = show(keyDoc('wo', '1'), {})
  const list = show(keyList('wo', 'f1', 2), [])
  const foreign = show(keyListHeads('wo', 'f2'), [])
  const other = show(['settings'], {})
  client.setQueryData(keyDoc('wo', '2'), {})
  handler.missed([{ kind: 'list', type: 'wo', factoryId: 'f1' }], 'f1')
  expect([doc.fetches, list.fetches]).toEqual([0, 1])
  handler.missed([{ kind: 'doc', type: 'wo', id: '1', factoryId: 'f1' }], 'f1')
  expect([doc.fetches, list.fetches]).toEqual([1, 1])
  handler.missed([undefined], 'f1')
  expect(stateOf(keyDoc('wo', '2'))?.isInvalidated).toBe(true)
  expect([foreign.fetches, other.fetches]).toEqual([0, 0])
})
