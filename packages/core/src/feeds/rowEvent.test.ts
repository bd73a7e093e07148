import { expect, test } from 'vitest'
import type { FeedChannel } from './channelName.js'
import { broadcastChange, rowEvent, type ToldChange } from './rowEvent.js'

const table = { type: 'wo', table: 'work_orders', factoryId: 'factory_id' }
const channel: FeedChannel = { kind: 'list', type: 'wo', factoryId: 'f1' }
const row = { id: '7', factory_id: 'f1', title: 'Saw', tags: ['a'], version: 3 }
const read = (change: Partial<ToldChange>) =>
  rowEvent({ eventType: 'UPDATE', new: row, old: {}, ...change }, table, channel)

test('an insert, an update and a delete are a create, an update and a delete', () => {
  const event = { type: 'wo', id: '7', factoryId: 'f1' }
  expect(read({ eventType: 'INSERT', commit_timestamp: '2026-01-01T00:00:00Z' })).toEqual({
    ...event,
    action: 'create',
    version: 3,
    ts: '2026-01-01T00:00:00Z',
  })
  expect(read({})).toEqual({ ...event, action: 'update', version: 3 })
  expect(read({ eventType: 'DELETE', new: {}, old: { id: '7' } })).toEqual({ ...event, action: 'delete' })
})

test('changed keys and values are those that differ by value, where the whole old row is told', () => {
  const old = { ...row, title: 'Hammer', version: 2, tags: ['a'] }
  expect(read({ old })).toMatchObject({
    changedKeys: ['title', 'version'],
    patch: { title: 'Saw', version: 3 },
  })
  expect(read({ old: { id: '7' } })).not.toHaveProperty('changedKeys')
  expect(read({ old: { id: '7' } })).not.toHaveProperty('patch')
})

test('the row tells its own scope; a channel speaks for rows that do not', () => {
  expect(read({ new: { ...row, factory_id: 'f2' } })?.factoryId).toBe('f2')
  expect(read({ eventType: 'DELETE', new: {}, old: { id: '7' } })?.factoryId).toBe('f1')
})

test('a number is an id and a scope as text; other columns can be named', () => {
  const other = { type: 'lot', table: 'lots', id: 'no', factoryId: 'plant', version: 'rev' }
  const change = { eventType: 'INSERT', new: { no: 7, plant: 2, rev: 9 }, old: {} }
  expect(rowEvent(change, other, channel)).toMatchObject({ type: 'lot', id: '7', factoryId: '2', version: 9 })
})

test.each([
  ['a row that was withheld', { errors: ['Error 413: Payload Too Large'] }],
  ['a row without its id', { new: { title: 'Saw' } }],
  ['an unknown kind of change', { eventType: 'TRUNCATE' }],
])('%s is no event', (_, change) => {
  expect(read(change)).toBeUndefined()
})

test('what broadcast_changes sends is a change, and nothing else is', () => {
  const message = {
    operation: 'DELETE',
    table: 'work_orders',
    schema: 'public',
    record: null,
    old_record: { id: '7' },
  }
  expect(broadcastChange(message)).toEqual({
    eventType: 'DELETE',
    table: 'work_orders',
    new: {},
    old: { id: '7' },
  })
  for (const other of [undefined, null, 'text', {}, { type: 'wo', id: '7' }, { operation: 1, table: 2 }])
    expect(broadcastChange(other)).toBeUndefined()
})
