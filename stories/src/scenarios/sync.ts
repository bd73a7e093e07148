import { morning } from '../scenario/morning.ts'
import { id } from '../scenario/people.ts'
import { scenario } from '../scenario/scenario.ts'
import { syncedThenOffline } from '../scenario/syncedThenOffline.ts'

const first = id('event', 1)

export const synced = scenario({
  happened: 'Everything that this device knows of is on both sides, in exact mode.',
  rule: 'R6: after things calm down, a client holds exactly the rows that its user may see.',
  can: 'Nothing is left to do.',
  play: async ({ events, openSynced }) => {
    events(morning)
    await openSynced()
  },
})

export const plain = scenario({
  happened: 'The server has nothing but tables with `updated_at`: the synchronisation is best effort.',
  can: 'Work as always; the status says `plain`.',
  mode: 'plain',
  play: async ({ events, openSynced }) => {
    events(morning)
    await openSynced()
  },
})

export const offlineForDays = scenario({
  happened: 'The device has been off the network for three days, with a write that waits.',
  rule: 'R1: a read never waits for the network.',
  can: 'Go on; everything is sent when the network is back.',
  play: async (stage) => {
    const { calendar, wait, until } = stage
    await syncedThenOffline(stage, morning)
    await calendar.updateEvent(first, { title: 'Design review, at home' })
    wait(3)
    await until(({ tide }) => tide.status$.current?.name === 'offline')
  },
})

export const signedOutWithPending = scenario({
  happened: 'Ada was signed out elsewhere while a write of hers was waiting.',
  rule: 'R8: an expired session pauses the push, and loses nothing; writes are still accepted.',
  can: 'Sign in again: the write is sent then.',
  play: async ({ calendar, events, openSynced, signOut, until }) => {
    events(morning)
    await openSynced()
    signOut()
    await calendar.updateEvent(first, { title: 'Written while signed out' })
    await until(({ tide }) => tide.status$.current?.name === 'needs-sign-in')
  },
})

export const sessionExpired = scenario({
  happened: 'The session has expired and could not be renewed.',
  rule: 'R8: an expired session pauses the push, and loses nothing; writes are still accepted.',
  can: 'Sign in again.',
  play: async ({ calendar, events, openSynced, expireSession, until }) => {
    events(morning)
    await openSynced()
    expireSession()
    await calendar.updateEvent(first, { title: 'Kept until the sign-in' })
    await until(({ tide }) => tide.status$.current?.name === 'needs-sign-in')
  },
})

export const serverBusy = scenario({
  happened:
    'The server answers with a failure that may pass. It is asked again, after longer and longer pauses.',
  can: 'Wait. The write stays in the outbox.',
  play: async ({ calendar, events, openSynced, serverBusy, until }) => {
    events(morning)
    await openSynced()
    serverBusy()
    await calendar.updateEvent(first, { title: 'Tried again and again' })
    await until(({ tide }) => tide.status$.current?.name === 'retrying')
  },
})

export const realtimeDown = scenario({
  happened: 'The socket is down, while requests go on: everything is polled.',
  can: 'Work as always; news of others comes a little later.',
  play: async ({ events, openSynced, realtimeDown, until, clock, otherDevice, calendar }) => {
    events(morning)
    await openSynced()
    realtimeDown()
    otherDevice(({ patch }) => patch('events', first, { title: 'Heard by polling' }))
    clock.pass(16_000)
    const event = calendar.event$(first)
    const stop = event.watch(() => undefined)
    await until(() => event.current?.title === 'Heard by polling')
    stop()
  },
})

export const otherTabLeads = scenario({
  happened: 'Two tabs of the app are open. The other one was first, and does the synchronising for both.',
  rule: 'R9: two tabs never apply anything twice.',
  can: 'Write in either; both show it.',
  play: async ({ events, otherTab, open, until, calendar }) => {
    events(morning)
    const leader = await otherTab()
    await until(() => leader.tide.status$.current?.name === 'synced')
    await open()
    const event = calendar.event$(first)
    const stop = event.watch(() => undefined)
    await until(() => event.current !== undefined && event.current !== null)
    stop()
  },
})

export const quarantined = scenario({
  happened: 'The server sent a row that does not fit its declaration: an event without a title.',
  can: 'Tell whoever keeps the server. The row is set aside, and nothing else waits for it.',
  play: async ({ events, openSynced, otherDevice, until }) => {
    events(morning)
    await openSynced()
    otherDevice(({ patch }) => patch('events', id('event', 2), { title: '' }))
    await until(({ tide }) => {
      const status = tide.status$.current
      return status !== undefined && 'quarantined' in status && status.quarantined === 1
    })
  },
})

export const repairedByDigest = scenario({
  happened:
    'A row of the server was changed behind every trigger, so no pull brings it. Once a day digests are compared.',
  rule: 'R6: after things calm down, every client holds exactly what the server has.',
  can: 'Nothing: the difference was found, and fetched.',
  play: async ({ calendar, events, openSynced, server, wait, until }) => {
    events(morning)
    await openSynced()
    server.spoil('events', first, { title: 'Changed past the triggers' })
    const event = calendar.event$(first)
    const stop = event.watch(() => undefined)
    wait(2)
    calendar.tide.sync()
    await until(() => event.current?.title === 'Changed past the triggers')
    stop()
  },
})

export const storageFull = scenario({
  happened: 'The device has no room left: a write could not be kept, and was taken back.',
  rule: 'R2: when storage fails, the promise rejects and the streams take the row back.',
  can: 'Free storage, and write again.',
  play: async (stage) => {
    const { calendar, storageFull, until } = stage
    await syncedThenOffline(stage, morning)
    storageFull()
    const refused = await calendar.updateEvent(first, { title: 'Too much' }).catch((error: unknown) => error)
    if (!(refused instanceof Error)) throw new Error('The full disk took the write.')
    await until(({ tide }) => tide.status$.current?.name === 'storage-failed')
  },
})

export const storageFailed = scenario({
  happened: 'The browser could not open the database.',
  rule: 'R10: when a database cannot be opened again, the state says so, and no promise resolves that was not kept.',
  can: 'Reload the page, or allow storage.',
  play: async ({ open, storageBroken, until }) => {
    storageBroken()
    const refused = await open().catch((error: unknown) => error)
    if (!(refused instanceof Error)) throw new Error('The broken disk was opened.')
    await until(({ tide }) => tide.status$.current?.name === 'storage-failed')
  },
})
