import 'fake-indexeddb/auto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { live, meeting, range, startDevices, status, titles, until, type Devices } from './calendarDevices.js'

let world: Devices
const day = 86_400_000
const device = (name: string, email: string) => world.make(name, email)

beforeAll(async () => {
  world = await startDevices()
})
afterAll(() => world.stop())

test('A10: what one device writes shows on the other within half a second, without a refetch', async () => {
  const [a, b] = [await device('a10-a', 'ann@example.com'), await device('a10-b', 'ann@example.com')]
  await Promise.all([live(a), live(b)])
  await a.calendar.createEvent(meeting('First'))
  await until('warm', () => titles(b).includes('First'))
  const start = performance.now()
  const id = await a.calendar.createEvent({ ...meeting('Standup'), personal: { show_time_as: 'tentative' } })
  await until('the other device shows it', () =>
    b.events().some((event) => event.id === id && event.show_time_as === 'tentative'),
  )
  expect(performance.now() - start).toBeLessThan(500)
  await b.calendar.updateEvent(id, { title: 'Standup, moved' })
  await until('the first device shows the change', () => titles(a).includes('Standup, moved'))
  await b.calendar.deleteEvent(id)
  await until(
    'it is gone from both',
    () => !titles(a).includes('Standup, moved') && !titles(b).includes('Standup, moved'),
  )
  await until('nothing is pending', () => status(a).pending === 0 && status(b).pending === 0)
})

test('A3: offline create, update and delete are drained on reconnect', async () => {
  const [a, b] = [await device('a3-a', 'bob@example.com'), await device('a3-b', 'bob@example.com')]
  await Promise.all([live(a), live(b)])
  const kept = await a.calendar.createEvent(meeting('Kept'))
  const dropped = await a.calendar.createEvent(meeting('Dropped'))
  await until('both are everywhere', () => b.events().length === 2)
  a.online$.next(false)
  await a.calendar.createEvent(meeting('Offline'))
  await a.calendar.updateEvent(kept, { title: 'Kept, changed' })
  await a.calendar.deleteEvent(dropped)
  expect(titles(a).sort()).toEqual(['Kept, changed', 'Offline'])
  expect(a.events().every(({ _pending }) => _pending === true)).toBe(true)
  a.online$.next(true)
  await until('the other device has all of it', () => titles(b).sort().join() === 'Kept, changed,Offline')
  await until(
    'nothing is pending',
    () => status(a).pending === 0 && a.events().every(({ _pending }) => _pending === undefined),
  )
})

test('A9, A11: the invited answer and file for themselves; their change of the event is refused, shown, and rolled back', async () => {
  const [owner, guest] = [await device('a9-o', 'cleo@example.com'), await device('a9-g', 'dan@example.com')]
  await Promise.all([live(owner), live(guest)])
  const id = await owner.calendar.createEvent(meeting('Review'))
  await owner.calendar.invite(id, guest.id)
  await until('the guest sees it', () => titles(guest).includes('Review'))
  // The event and the role are two rows: either may be here first.
  await expect.poll(() => guest.calendar.tide.tables.eventRoles.get([id, guest.id])).not.toBeNull()
  expect(guest.events()[0]).toMatchObject({
    role: 'viewer',
    rsvp: null,
    show_time_as: 'busy',
    time_defense_level: 'normal',
  })
  await guest.calendar.respond(id, 'accepted')
  await guest.calendar.updatePersonal(id, { show_time_as: 'free' })
  await guest.calendar.updateEvent(id, { title: 'Hijacked' })
  await guest.calendar.follow(id, true)
  await until('it is refused', () => status(guest).parked === 1)
  await until('the rest went through', () => status(guest).pending === 0)
  expect(guest.events()[0]).toMatchObject({
    title: 'Review',
    rsvp: 'accepted',
    following: true,
    show_time_as: 'free',
    _error: { code: 'hidden' },
  })
  const [row] = await world.server.sql<{ rsvp: string }>(
    'select rsvp from public.event_user_roles where event_id = $1 and user_id = $2',
    [id, guest.id],
  )
  expect(row?.rsvp).toBe('accepted')
  const [parked] = guest.calendar.tide.outbox.parked$.current ?? []
  await guest.calendar.tide.outbox.discard(parked?.id ?? '')
  expect(guest.events()[0]?._error).toBeUndefined()
})

test('A8: archiving hides an event for one user on all devices, and nobody else', async () => {
  const [owner, guest] = [await device('a8-o', 'eve@example.com'), await device('a8-g', 'fay@example.com')]
  await Promise.all([live(owner), live(guest)])
  const id = await owner.calendar.createEvent(meeting('Old'))
  await owner.calendar.invite(id, guest.id)
  await until('the guest sees it', () => titles(guest).includes('Old'))
  const normal = owner.calendar.events$({ ...range(), archived: undefined as never })
  const archive = owner.calendar.events$({ ...range(), archived: 'only' })
  normal.subscribe()
  archive.subscribe()
  await owner.calendar.archiveEvent(id)
  expect(await archive.ready).toMatchObject([{ id, archived: true }])
  expect(normal.current).toEqual([])
  await until('it is stored', () => status(owner).pending === 0)
  expect(status(owner).parked).toBe(0)
  expect(guest.events()[0]?.archived).toBe(false)
  await owner.calendar.unarchiveEvent(id)
  expect(normal.current).toMatchObject([{ id, archived: false }])
})

test('D5: an event comes with an invitation and goes when that is taken back, though it was not written itself', async () => {
  const [owner, guest] = [await device('d5-o', 'ivy@example.com'), await device('d5-g', 'jon@example.com')]
  await Promise.all([live(owner), live(guest)])
  const id = await owner.calendar.createEvent(meeting('By invitation'))
  await owner.calendar.invite(id, guest.id)
  await until('it comes', () => titles(guest).includes('By invitation'))
  await owner.calendar.uninvite(id, guest.id)
  await until('it goes', () => !titles(guest).includes('By invitation'))
})

test('A12: defaults cannot be deleted, neither here nor past the guards', async () => {
  const one = await device('a12', 'gus@example.com')
  await live(one)
  const calendars = await one.calendar.calendars$().ready
  const standard = calendars.find(({ type }) => type === 'default')
  await expect(one.calendar.deleteCalendar(standard?.id ?? '')).rejects.toMatchObject({ code: 'guarded' })
  const { error } = await one.supabase
    .from('user_calendars')
    .delete()
    .eq('id', standard?.id ?? '')
  expect(error?.code).toBe('23514')
})

test('A6: a range outside of the window is pulled once and served from the device afterwards', async () => {
  const one = await device('a6', 'hal@example.com')
  await live(one)
  const far = Date.now() + 200 * day
  await world.server.sql(
    `insert into public.events (owner_id, creator_id, title, start_time, duration) values ($1, $1, 'Far away', $2, 60)`,
    [one.id, new Date(far)],
  )
  const there = one.calendar.events$({ from: far - day, to: far + day })
  const subscription = there.subscribe()
  await until('it is pulled', () => there.current?.length === 1)
  subscription.unsubscribe()
  one.online$.next(false)
  expect(await one.calendar.events$({ from: far - 2 * day, to: far + 2 * day }).ready).toMatchObject([
    { title: 'Far away' },
  ])
})
