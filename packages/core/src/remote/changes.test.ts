import { expect, test } from 'vitest'
import { z } from 'zod'
import { defineTable } from '../schema/defineTable.js'
import { bindingsOf, eventsOf } from './changes.js'

const row = z.object({ id: z.string(), user_id: z.string(), title: z.string() })
const notes = defineTable({ name: 'notes', row, key: 'id', owner: 'user_id' })
const shared = defineTable({ name: 'shared', row, key: 'id' })
const marks = defineTable({ name: 'marks', row, key: ['id', 'user_id'], owner: 'user_id' })

test('a table without an owner is listened to as the policies show it', () => {
  const all = { event: '*', schema: 'public', table: 'shared' }
  expect(bindingsOf({ table: shared, owner: 'u1' }, 'public')).toEqual([all])
  expect(bindingsOf({ table: notes }, 'public')).toEqual([{ ...all, table: 'notes' }])
})

test('deletes of owned rows are heard although they tell the key alone', () => {
  expect(bindingsOf({ table: notes, owner: 'u1' }, 'app')).toEqual([
    { event: '*', schema: 'app', table: 'notes', filter: 'user_id=eq.u1' },
    { event: 'DELETE', schema: 'app', table: 'notes' },
  ])
})

test('an owner that is part of the key filters the deletes too', () => {
  expect(bindingsOf({ table: marks, owner: 'u1' }, 'public')).toEqual([
    { event: '*', schema: 'public', table: 'marks', filter: 'user_id=eq.u1' },
  ])
})

test('an owner that looks like grammar is quoted', () => {
  const [binding] = bindingsOf({ table: notes, owner: 'a,b"(c)\\' }, 'public')
  expect(binding?.filter).toBe('user_id=eq."a,b\\"(c)\\\\"')
})

const whole = { id: 'n1', user_id: 'u1', title: 'Tea' }

test.each(['INSERT', 'UPDATE'])('%s tells the row', (eventType) => {
  const old = eventType === 'UPDATE' ? { id: 'n1' } : {}
  expect(eventsOf(notes, { eventType, new: whole, old, errors: null })).toEqual([
    { type: 'write', table: 'notes', row: whole },
  ])
})

test('a delete tells the key and nothing else, even if the whole row has come', () => {
  expect(eventsOf(notes, { eventType: 'DELETE', new: {}, old: whole })).toEqual([
    { type: 'delete', table: 'notes', key: { id: 'n1' } },
  ])
  expect(eventsOf(marks, { eventType: 'DELETE', new: {}, old: whole })).toEqual([
    { type: 'delete', table: 'marks', key: { id: 'n1', user_id: 'u1' } },
  ])
})

test('a row whose key was changed is gone under its old key', () => {
  expect(eventsOf(notes, { eventType: 'UPDATE', new: whole, old: { id: 'n0' } })).toEqual([
    { type: 'delete', table: 'notes', key: { id: 'n0' } },
    { type: 'write', table: 'notes', row: whole },
  ])
})

test.each([
  ['was withheld', { eventType: 'UPDATE', new: whole, old: {}, errors: ['Error 413: Payload Too Large'] }],
  ['has no key', { eventType: 'INSERT', new: { title: 'Tea' }, old: {} }],
  ['was deleted, who knows which', { eventType: 'DELETE', new: {}, old: {} }],
])('a change whose row %s says only that something has changed', (_what, change) => {
  expect(eventsOf(notes, change)).toBeUndefined()
})
