import { QueryClient, hashKey } from '@tanstack/query-core'
import { expect, expectTypeOf, test } from 'vitest'
import { channelName } from '../feeds/channelName.js'
import { keyDoc, keyList, keyListHeads, keyTable, readKey } from './keys.js'
import { typedKeys } from './typedKeys.js'

test('keys have the shapes of the contract', () => {
  expect(keyDoc('wo', '7')).toEqual(['doc', 'wo', '7'])
  expect(keyList('wo', 'f1')).toEqual(['list', 'wo', 'f1', { page: 1 }])
  expect(keyList('wo', 'f1', 3)).toEqual(['list', 'wo', 'f1', { page: 3 }])
  expect(keyListHeads('wo', 'f1')).toEqual(keyList('wo', 'f1', 1))
})

test("a table's key is the same for the same user and part, whatever the order of its parts", () => {
  expect(keyTable('calendars', 'u1')).toEqual(['calendars', { uid: 'u1' }])
  expect(keyTable('events', 'u1', { from: 1, to: 2 })).toEqual(['events', { uid: 'u1', from: 1, to: 2 }])
  expect(hashKey(keyTable('events', 'u1', { to: 2, from: 1 }))).toBe(
    hashKey(keyTable('events', 'u1', { from: 1, to: 2 })),
  )
  expect(keyTable('events', 'u1', { uid: 'u2' })[1]).toEqual({ uid: 'u1' })
})

test('a channel is named after what it tells of', () => {
  expect(channelName({ kind: 'factory', factoryId: 'f1' })).toBe('factory:f1')
  expect(channelName({ kind: 'doc', type: 'wo', id: '7', factoryId: 'f1' })).toBe('doc:wo:7')
  expect(channelName({ kind: 'list', type: 'wo', factoryId: 'f1' })).toBe('list:wo:f1')
})

test('a key is taken apart again, and foreign keys are left alone', () => {
  expect(readKey(keyDoc('wo', '7'))).toEqual({ kind: 'doc', type: 'wo', id: '7' })
  expect(readKey(keyList('wo', 'f1', 2))).toEqual({ kind: 'list', type: 'wo', factoryId: 'f1', page: 2 })
  expect(readKey(['list', 'wo', 'f1', { page: 2, status: 'open' }])).toMatchObject({ page: 2 })
  expect(readKey(['list', 'wo', 'f1'])).toMatchObject({ page: 1 })
  expect(readKey(['list', 'wo', 'f1', null])).toMatchObject({ page: 1 })
  for (const key of [[], ['doc'], ['doc', 'wo', 7], ['docs', 'wo', '7'], keyTable('wo', 'u1')])
    expect(readKey(key)).toBeUndefined()
})

test('typed keys are the same keys, and know what is cached under them', () => {
  interface Order {
    readonly id: string
    readonly title: string
  }
  const keys = typedKeys<{ wo: Order; lot: { readonly id: string } }>()
  const client = new QueryClient()
  client.setQueryData(keys.keyDoc('wo', '7'), { id: '7', title: 'Saw' })
  const cached = client.getQueryData(keys.keyDoc('wo', '7'))
  expectTypeOf(cached).toEqualTypeOf<Order | undefined>()
  expectTypeOf(client.getQueryData(keys.keyList('wo', 'f1'))).toEqualTypeOf<readonly Order[] | undefined>()
  expectTypeOf(keys.keyDoc).parameter(0).toEqualTypeOf<'wo' | 'lot'>()
  expect(cached?.title).toBe('Saw')
  expect(keys.keyListHeads('lot', 'f1')).toEqual(keyListHeads('lot', 'f1'))
})
