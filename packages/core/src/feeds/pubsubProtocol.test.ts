import fc from 'fast-check'
import { expect, expectTypeOf, test } from 'vitest'
import { safeParse } from 'zod/v4/core'
import {
  clientMessage,
  maxEntityIds,
  serverMessage,
  type ClientMessage,
  type PubsubChange,
} from './pubsubProtocol.js'

const id = '550e8400-e29b-41d4-a716-446655440000'
const accepts = (message: unknown) => safeParse(clientMessage, message).success
const subscribe = (payload: object) => ({ type: 'SUBSCRIBE', payload })

test('the messages of the reference are messages of the protocol', () => {
  const sent: ClientMessage[] = [
    { type: 'SUBSCRIBE', payload: { entityCode: 'project', entityIds: [id] } },
    { type: 'UNSUBSCRIBE', payload: { entityCode: 'project' } },
    { type: 'UNSUBSCRIBE_ALL' },
    { type: 'PING' },
    { type: 'TOKEN_REFRESH', payload: { token: 'a.b.c' } },
  ]
  for (const message of sent)
    expect(safeParse(clientMessage, message)).toEqual({ success: true, data: message })
  const received = {
    type: 'INVALIDATE',
    payload: {
      entityCode: 'project',
      changes: [{ entityId: id, action: 'UPDATE', version: 42 }],
      timestamp: '2025-11-28T10:30:00.000Z',
    },
  }
  expect(safeParse(serverMessage, received)).toEqual({ success: true, data: received })
  expect(safeParse(serverMessage, { type: 'PONG' }).success).toBe(true)
  expect(safeParse(serverMessage, { type: 'SUBSCRIBED', payload: { count: 3 } }).success).toBe(true)
  expect(safeParse(serverMessage, { type: 'ERROR', payload: { message: 'No.' } }).success).toBe(true)
})

test('ids are in lower case, as Postgres writes them, and of any version', () => {
  const parsed = safeParse(clientMessage, subscribe({ entityCode: 'task', entityIds: [id.toUpperCase()] }))
  expect(parsed.data).toEqual(subscribe({ entityCode: 'task', entityIds: [id] }))
  expect(accepts(subscribe({ entityCode: 't', entityIds: ['ffffffff-0000-0000-0000-000000000001'] }))).toBe(
    true,
  )
})

test.each([
  ['an id that is not a UUID', subscribe({ entityCode: 'project', entityIds: ["1' or '1'='1"] })],
  ['SQL as entity code', subscribe({ entityCode: 'project; drop table x', entityIds: [id] })],
  ['an entity code that is too long', subscribe({ entityCode: 'p'.repeat(101), entityIds: [id] })],
  ['too many ids', subscribe({ entityCode: 'p', entityIds: Array(maxEntityIds + 1).fill(id) })],
  ['a position that is not a number', { type: 'RESUME', payload: { epoch: 'e', seq: '1; select 1' } }],
  ['an unknown type', { type: 'constructor', payload: {} }],
  ['a type of the prototype', { type: '__proto__' }],
  ['no object', ['PING']],
  ['null', null],
])('%s is refused', (_, message) => {
  expect(accepts(message)).toBe(false)
})

test('unknown fields are dropped, those of the prototype too', () => {
  const parsed = safeParse(clientMessage, JSON.parse('{"type":"PING","__proto__":{"admin":true},"more":1}'))
  expect(parsed.data).toEqual({ type: 'PING' })
  expect(({} as Record<string, unknown>).admin).toBeUndefined()
})

test('no JSON value makes the parser throw', () => {
  fc.assert(fc.property(fc.jsonValue(), (value) => typeof accepts(value) === 'boolean'))
})

test('types are those of the messages', () => {
  expectTypeOf<PubsubChange['action']>().toEqualTypeOf<'CREATE' | 'UPDATE' | 'DELETE'>()
  expectTypeOf<Extract<ClientMessage, { type: 'SUBSCRIBE' }>['payload']['entityIds']>().toEqualTypeOf<
    string[]
  >()
})
