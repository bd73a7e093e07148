import type { Mutation } from '@tidemark/core'
import { expect, test } from 'vitest'
import { languages } from './locale.js'
import { waitingView } from './outboxView.js'

const ui = { locale: 'en-GB', timeZone: 'Europe/Berlin', messages: languages.en }
const at = Date.parse('2026-03-02T09:20:00Z')
const mutation = (rest: Partial<Mutation>): Mutation => ({
  id: 'm1',
  table: 'events',
  key: 'e1',
  op: 'update',
  patch: {},
  at,
  ...rest,
})
const textOf = (rest: Partial<Mutation>): string => waitingView(mutation(rest), ui).text

test('a write that waits says what it is, by the name that was given, and when it was written', () => {
  expect(waitingView(mutation({ op: 'insert', patch: { title: 'Review' } }), ui)).toEqual({
    id: 'm1',
    text: 'New: Event · Review',
    time: '10:20',
  })
})

test('a name that is not written is that of the row on which the write was made', () => {
  expect(textOf({ op: 'delete', base: { title: 'Review' } })).toBe('Deleted: Event · Review')
  expect(textOf({ patch: { duration: 45 }, base: { title: 'Review' } })).toBe('Changed: Event · Review')
  expect(textOf({ patch: { title: 'New name' }, base: { title: 'Old name' } })).toBe(
    'Changed: Event · New name',
  )
  expect(textOf({ op: 'delete', table: 'user_calendars', base: { name: 'Work' } })).toBe(
    'Deleted: Calendar · Work',
  )
})

test('a name that neither says is that of the row as it is shown now', () => {
  const moved = mutation({ patch: { start_timestamp_ms: 1 } })
  expect(waitingView(moved, ui, { title: 'Review' }).text).toBe('Changed: Event · Review')
  expect(waitingView(moved, ui, null).text).toBe('Changed: Event')
})

test('without a name it says what kind of thing it is, and for an unknown table its name', () => {
  expect(textOf({ op: 'delete' })).toBe('Deleted: Event')
  expect(textOf({ op: 'delete', base: { title: '' } })).toBe('Deleted: Event')
  expect(textOf({ table: 'notes' })).toBe('Changed: notes')
})
