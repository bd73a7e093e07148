import 'fake-indexeddb/auto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { CalendarOptions } from '../src/index.js'
import { live, meeting, startDevices, status, until, type Devices } from './calendarDevices.js'

let world: Devices

beforeAll(async () => {
  world = await startDevices()
})
afterAll(() => world.stop())

const bothTitles: CalendarOptions['conflict'] = (base, local, remote) => ({
  ...remote,
  title: `${local.title} and ${remote.title}, not ${base.title}`,
})

test.each([
  ['nothing was said', {}, { title: 'Mine', duration: 90 }],
  ['merge', { conflict: 'merge' }, { title: 'Mine', duration: 90 }],
  ['updated-at', { conflict: 'updated-at' }, { title: 'Theirs', duration: 90 }],
  ['a function', { conflict: bothTitles }, { title: 'Mine and Theirs, not Old', duration: 90 }],
] as const)('both sides changed an event, and %s decides', async (policy, options, decided) => {
  const email = `${policy.replaceAll(' ', '-')}@example.com`
  const here = await world.make(`${policy}-here`, email, options)
  const there = await world.make(`${policy}-there`, email)
  await Promise.all([live(here), live(there)])
  const id = await there.calendar.createEvent(meeting('Old'))
  await until('both have it', () => here.events().length === 1 && status(there).pending === 0)
  here.online$.next(false)
  await here.calendar.updateEvent(id, { title: 'Mine' })
  await there.calendar.updateEvent(id, { title: 'Theirs', duration: 90 })
  await until('it is sent', () => status(there).pending === 0)
  here.online$.next(true)
  await until('both know', () => status(here).name === 'synced' && status(here).pending === 0)
  await expect.poll(() => there.events()).toMatchObject([decided])
  await expect.poll(() => here.events()).toMatchObject([decided])
  expect(status(here).parked).toBe(0)
})

test('A6: a range outside of the window is fetched, whatever decides conflicts', async () => {
  const one = await world.make('range', 'range@example.com', { conflict: 'updated-at' })
  await live(one)
  const far = Date.now() + 200 * 86_400_000
  await world.server.sql(
    `insert into public.events (owner_id, creator_id, title, start_time, duration) values ($1, $1, 'Far away', $2, 60)`,
    [one.id, new Date(far)],
  )
  const there = one.calendar.events$({ from: far - 1, to: far + 1 })
  there.subscribe()
  await until('it is pulled', () => there.current?.length === 1)
})
