import { morning } from '../scenario/morning.ts'
import { id } from '../scenario/people.ts'
import { scenario } from '../scenario/scenario.ts'
import { invitation } from '../scenario/seed.ts'
import { syncedThenOffline } from '../scenario/syncedThenOffline.ts'

/** The event that most of these scenarios write. */
export const first = id('event', 1)

const onTheTrain = { title: 'Written on the train', start_time: '2026-03-11T15:00:00Z', duration: 30 }

export const pendingCreate = scenario({
  happened: 'Offline, Ada made an event.',
  rule: 'R2: a write shows in the same turn, and is durable when its promise resolves.',
  can: 'Go on working. The event is sent when the network is back.',
  play: async (stage) => {
    await syncedThenOffline(stage, morning)
    await stage.calendar.createEvent(onTheTrain)
  },
})

export const pendingUpdate = scenario({
  happened: 'Offline, Ada gave an event another title.',
  rule: 'R3: what is pending stays on top, whatever a pull brings.',
  can: 'Change it again: only what it comes down to is sent.',
  play: async (stage) => {
    await syncedThenOffline(stage, morning)
    await stage.calendar.updateEvent(first, { title: 'Design review, moved to the garden' })
  },
})

export const pendingMove = scenario({
  happened: 'Offline, Ada moved an event to four o’clock.',
  rule: 'R2: what Postgres will compute, such as the end, stands in until it answers.',
  can: 'Move it back, or wait for the network.',
  play: async (stage) => {
    await syncedThenOffline(stage, morning)
    await stage.calendar.updateEvent(first, { start_time: '2026-03-11T15:00:00Z' })
  },
})

export const pendingDelete = scenario({
  happened: 'Offline, Ada deleted one of two events.',
  rule: 'R2: a deleted row is gone from every stream at once.',
  can: 'See it in the outbox until the server has it.',
  play: async (stage) => {
    await syncedThenOffline(stage, morning)
    await stage.calendar.deleteEvent(first)
  },
})

export const drained = scenario({
  happened: 'An event that was made offline was sent when the network came back.',
  rule: 'R4: a mutation leaves the outbox in the transaction that stores the row it became.',
  can: 'Nothing is left to do.',
  play: async (stage) => {
    await syncedThenOffline(stage, morning)
    await stage.calendar.createEvent(onTheTrain)
    stage.online()
    await stage.until(({ tide }) => tide.outbox.pending$.current?.length === 0)
  },
})

export const refusedUpdate = scenario({
  happened: 'Ada changed an event of Grace’s. The server refused it, so the change was taken back.',
  rule: 'R5: a refused mutation is parked, visibly, and its effect is rolled back; nothing the user wrote is deleted.',
  can: 'Open the outbox: try again, edit, or give the change up.',
  play: async ({ calendar, events, openSynced, until }) => {
    events([invitation({ title: 'Grace’s review', at: '2026-03-11T10:00:00+01:00', rsvp: 'accepted' })])
    await openSynced()
    await calendar.updateEvent(first, { title: 'Mine now' })
    await until(({ tide }) => tide.outbox.parked$.current?.length === 1)
  },
})

export const changedElsewhere = scenario({
  happened: 'Another device changes the title of an event while it is looked at.',
  rule: 'R6: after things calm down, every client holds what the server has.',
  can: 'Read the new title; nothing has to be reloaded.',
  play: async ({ events, openSynced }) => {
    events(morning)
    await openSynced()
  },
})

export const lostByPermission = scenario({
  happened: 'Grace took Ada off the list of an event. No row of the event was written.',
  rule: 'R6: rows lost by a permission change leave the device.',
  can: 'Nothing: the event is not Ada’s to see any more.',
  play: async ({ events, openSynced, loseAccess, until, calendar }) => {
    events([
      invitation({ title: 'Not shared any more', at: '2026-03-11T10:00:00+01:00', rsvp: 'accepted' }),
      invitation({ title: 'Still shared', at: '2026-03-11T12:00:00+01:00', rsvp: 'accepted' }),
    ])
    await openSynced()
    const gone = calendar.event$(first)
    const stop = gone.watch(() => undefined)
    loseAccess(1)
    await until(() => gone.current === null)
    stop()
  },
})

export const warmOffline = scenario({
  happened: 'The app was opened without a network, a day after it was used last.',
  rule: 'R1: a read never waits for the network.',
  can: 'Read and write as always.',
  play: async (stage) => {
    await syncedThenOffline(stage, morning)
    stage.wait(1)
    await stage.reopen()
  },
})
