import { scenario } from '../scenario/scenario.ts'
import { invitation, type Told } from '../scenario/seed.ts'

const march: readonly Told[] = [
  { title: 'Design review', at: '2026-03-11T10:00:00+01:00', duration: 30 },
  { title: 'Conference', at: '2026-03-09T00:00:00Z', duration: 2 * 1440, all_day: true },
  { title: 'Retreat', at: '2026-03-20T00:00:00Z', duration: 5 * 1440, all_day: true },
  { title: 'Early shift', at: '2026-03-28T09:00:00+01:00' },
  invitation({ title: 'Grace’s review', at: '2026-03-12T10:00:00+01:00', rsvp: 'accepted' }),
]

const month = (happened: string, can: string) =>
  scenario({
    happened,
    can,
    play: async ({ events, openSynced }) => {
      events(march)
      await openSynced()
    },
  })

export const toMove = month(
  'Ada reached an event by the keyboard, and moves it with Alt and the arrow keys.',
  'Go on with the arrows: left and right are days, up and down are weeks, or quarters of an hour in a week’s grid.',
)

export const toResize = month(
  'Ada reached an event by the keyboard, and moves its end with Alt, Shift and the arrow keys.',
  'Make it longer or shorter; an event keeps at least 15 minutes, one of whole days keeps a day.',
)

export const notHers = month(
  'Ada reached an event of Grace’s. Only its owner may move it.',
  'Open it, and answer or file it.',
)
