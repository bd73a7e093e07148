import { expect, test } from 'vitest'
import { makeCache } from '../../test/cacheWorld.js'
import { keyDoc } from './keys.js'

test('a fetch under way never undoes a patch', async () => {
  const { handle, show, client } = makeCache()
  const shown = show(keyDoc('wo', '1'), { title: 'Old' })
  void client.refetchQueries({ queryKey: keyDoc('wo', '1') })
  handle({ changedKeys: ['title'], patch: { title: 'New' } })
  await shown.answer({ title: 'Old' })
  expect(client.getQueryData(keyDoc('wo', '1'))).toEqual({ title: 'New' })
  await shown.answer({ title: 'New', fetched: true })
  expect(client.getQueryData(keyDoc('wo', '1'))).toEqual({ title: 'New', fetched: true })
  expect(shown.fetches).toBe(2)
})

test('a fetch under way when its document changes is followed by one more, however many events came', async () => {
  const { handle, show, client } = makeCache()
  const shown = show(keyDoc('wo', '1'))
  for (const version of [2, 3, 4]) handle({ version })
  await shown.answer({ version: 2 })
  expect(shown.fetches).toBe(2)
  await shown.answer({ version: 4 })
  expect(shown.fetches).toBe(2)
  expect(client.getQueryData(keyDoc('wo', '1'))).toEqual({ version: 4 })
})

test('an answer that has the version told of already is not fetched again', async () => {
  const { handle, show } = makeCache()
  const shown = show(keyDoc('wo', '1'))
  handle({ version: 2 })
  await shown.answer({ version: 3 })
  expect(shown.fetches).toBe(1)
})

test('a server that fails is not asked again at once; the document stays invalid', async () => {
  const { handle, show, stateOf, client } = makeCache()
  const shown = show(keyDoc('wo', '1'), { title: 'Old' })
  void client.refetchQueries({ queryKey: keyDoc('wo', '1') })
  handle({})
  await shown.fail({ status: 503 })
  expect(shown.fetches).toBe(1)
  expect(stateOf(keyDoc('wo', '1'))?.isInvalidated).toBe(true)
})
