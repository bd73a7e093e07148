import type { EventDto } from '@tidemark/calendar'
import { expect, test } from 'vitest'
import { Invitations, isOpen, visibleEvents } from './eventLists.ts'

const event = (id: string, change: Partial<EventDto> = {}): EventDto =>
  ({ id, role: 'viewer', rsvp: null, calendar: null, ...change }) as EventDto
const filed = (id: string): Pick<EventDto, 'calendar'> => ({ calendar: { id, name: id, color: 'blue' } })
const ids = (events: readonly EventDto[] | undefined) => events?.map(({ id }) => id)

test('events of a hidden calendar are left out, those filed under none stay', () => {
  const events = [event('shown', filed('a')), event('hidden', filed('b')), event('nowhere')]
  const calendars = [
    { id: 'a', visible: true },
    { id: 'b', visible: false },
  ]
  expect(ids(visibleEvents(events, calendars))).toEqual(['shown', 'nowhere'])
})

test('nothing is known to be shown before both events and calendars are known', () => {
  expect(visibleEvents([event('one')], undefined)).toBeUndefined()
  expect(visibleEvents(undefined, [])).toBeUndefined()
})

test('an invitation is open until it is answered, and the owner has none', () => {
  expect(isOpen(event('asked'))).toBe(true)
  expect(isOpen(event('answered', { rsvp: 'declined' }))).toBe(false)
  expect(isOpen(event('own', { role: 'owner' }))).toBe(false)
})

test('an invitation stays in its list when it is answered there, one answered before never comes, one withdrawn goes', () => {
  const invitations = new Invitations()
  const before = event('before', { rsvp: 'accepted' })
  expect(ids(invitations.shown([event('one'), event('two'), before]))).toEqual(['one', 'two'])
  expect(ids(invitations.shown([event('one', { rsvp: 'accepted' }), before]))).toEqual(['one'])
})
