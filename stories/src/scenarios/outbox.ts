import { morning } from '../scenario/morning.ts'
import { id } from '../scenario/people.ts'
import { scenario } from '../scenario/scenario.ts'
import { categories, invitation } from '../scenario/seed.ts'
import { syncedThenOffline } from '../scenario/syncedThenOffline.ts'

const at = '2026-03-11T10:00:00+01:00'
const parkedRule =
  'R5: a refused mutation is parked, visibly, and its effect is rolled back; nothing the user wrote is deleted.'

export const waiting = scenario({
  happened: 'Offline, Ada made an event, changed another, deleted a third, and renamed a category.',
  rule: 'R2: a write shows in the same turn, and is durable when its promise resolves.',
  can: 'Read what waits, and since when. It is sent when the network is back.',
  play: async (stage) => {
    const { calendar, until } = stage
    await syncedThenOffline(stage, morning)
    const start_time = '2026-03-11T15:00:00Z'
    await calendar.createEvent({ title: 'Written on the train', start_time, duration: 30 })
    await calendar.updateEvent(id('event', 1), { title: 'Design review, in the garden' })
    await calendar.deleteEvent(id('event', 2))
    await calendar.updateCategory(categories.travel, { name: 'Journeys' })
    await until(({ tide }) => (tide.outbox.pending$.current?.length ?? 0) >= 4)
  },
})

/** Ada changes the title of her event, and the server refuses it with an SQLSTATE. */
const refusedBy = (happened: string, code: string, message: string) =>
  scenario({
    happened,
    rule: parkedRule,
    can: 'Try again, edit the title and send it, or discard the change.',
    play: async ({ calendar, events, openSynced, refuse, until }) => {
      events(morning)
      await openSynced()
      refuse(code, { message })
      await calendar.updateEvent(id('event', 1), { title: 'Design review, renamed' })
      await until(({ tide }) => tide.outbox.parked$.current?.length === 1)
    },
  })

export const invalid = refusedBy(
  'Ada changed a title. A check of the database refused it.',
  '23514',
  'new row for relation "events" violates check constraint "events_title"',
)

export const exists = refusedBy(
  'Ada changed a title. The database has one like it already.',
  '23505',
  'duplicate key value violates unique constraint "events_title_key"',
)

export const otherwise = refusedBy(
  'Ada changed a title. A function of the database refused it.',
  'P0001',
  'Events of the past are closed.',
)

export const forbidden = refusedBy(
  'Ada changed a title. A policy of the database forbids it.',
  '42501',
  'new row violates row-level security policy for table "events"',
)

export const hidden = scenario({
  happened: 'Ada changed an event of Grace’s. For the database there is no such row that Ada may write.',
  rule: parkedRule,
  can: 'Ask Grace and try again, or discard the change.',
  play: async ({ calendar, events, openSynced, until }) => {
    events([invitation({ title: 'Grace’s review', at, rsvp: 'accepted' })])
    await openSynced()
    await calendar.updateEvent(id('event', 1), { title: 'Mine now' })
    await until(({ tide }) => tide.outbox.parked$.current?.length === 1)
  },
})

export const refusedCreate = scenario({
  happened: 'Ada made an event. The server refused it, and what belongs to the event waits for it.',
  rule: parkedRule,
  can: 'Mend the event and send it with everything that waits, or discard it with them.',
  play: async ({ calendar, openSynced, refuse, until }) => {
    await openSynced()
    refuse('23514', { table: 'events', message: 'new row for relation "events" violates check constraint' })
    const start_time = '2026-03-11T15:00:00Z'
    await calendar.createEvent({ title: 'Refused at first', start_time, duration: 30 })
    await until(({ tide }) => tide.outbox.parked$.current?.length === 1)
  },
})
