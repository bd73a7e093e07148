import { id } from '../scenario/people.ts'
import { scenario } from '../scenario/scenario.ts'
import { invitation } from '../scenario/seed.ts'
import { syncedThenOffline } from '../scenario/syncedThenOffline.ts'

const review = invitation({ title: 'Grace’s review', at: '2026-03-11T10:00:00+01:00', role: 'contributor' })

export const asked = scenario({
  happened: 'Grace has invited Ada to an event.',
  can: 'Accept, decline or say perhaps; follow its changes or not.',
  play: async ({ events, openSynced }) => {
    events([review])
    await openSynced()
  },
})

export const answeredOffline = scenario({
  happened: 'Offline, Ada accepted Grace’s invitation.',
  rule: 'R2: a write shows in the same turn, and is durable when its promise resolves.',
  can: 'Take the answer back, or go on: it is sent when the network is back.',
  play: async (stage) => {
    await syncedThenOffline(stage, [review])
    await stage.calendar.respond(id('event', 1), 'accepted')
  },
})

export const answerRefused = scenario({
  happened: 'Ada accepted the invitation, and the server refused the answer: it is taken back.',
  rule: 'R5: a refused mutation is parked, visibly, and its effect is rolled back; nothing the user wrote is deleted.',
  can: 'Answer again, or look at the outbox.',
  play: async ({ calendar, events, openSynced, refuse, until }) => {
    events([review])
    await openSynced()
    refuse('42501')
    await calendar.respond(id('event', 1), 'accepted')
    await until(({ tide }) => tide.outbox.parked$.current?.length === 1)
  },
})

export const withdrawn = scenario({
  happened: 'Grace has taken Ada off the list again.',
  rule: 'R6: rows lost by a permission change leave the device.',
  can: 'Nothing: the event is not Ada’s to see any more.',
  play: async ({ calendar, events, openSynced, loseAccess, until }) => {
    events([review])
    await openSynced()
    const event = calendar.event$(id('event', 1))
    const stop = event.watch(() => undefined)
    loseAccess(1)
    await until(() => event.current === null)
    stop()
  },
})
