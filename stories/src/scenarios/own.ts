import { scenario } from '../scenario/scenario.ts'
import { calendars } from '../scenario/seed.ts'

export const ownThings = scenario({
  happened:
    'Ada looks at what is her own: calendars, categories, work periods, and the assistants she may choose.',
  can: 'Add, change and delete them. The default ones cannot be deleted.',
  play: ({ openSynced }) => openSynced(),
})

export const ownThingsOffline = scenario({
  happened: 'Offline, Ada gave one of her calendars another name and another colour.',
  rule: 'R2: a write shows in the same turn, and is durable when its promise resolves.',
  can: 'Go on. The calendar says that it waits for the server.',
  play: async ({ calendar, openSynced, offline }) => {
    await openSynced()
    offline()
    await calendar.updateCalendar(calendars.work, { name: 'Work, all of it', color: 'red' })
  },
})

export const nothingStored = scenario({
  happened: 'The app was opened for the first time, without a network.',
  rule: 'R1: a read never waits for the network.',
  can: 'Begin: what is made now is sent later.',
  play: ({ offline, open }) => {
    offline()
    return open()
  },
})

export const refusedCalendar = scenario({
  happened: 'Ada gave a calendar another name. The server refused it, so the old name is back.',
  rule: 'R5: a refused mutation is parked, visibly, and its effect is rolled back; nothing the user wrote is deleted.',
  can: 'See it marked in the list; open the outbox to try again, edit, or discard.',
  play: async ({ calendar, openSynced, refuse, until }) => {
    await openSynced()
    refuse('23514')
    await calendar.updateCalendar(calendars.work, { name: 'A name the server will not take' })
    await until(({ tide }) => tide.outbox.parked$.current?.length === 1)
  },
})
