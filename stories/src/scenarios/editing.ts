import { scenario } from '../scenario/scenario.ts'
import { invitation } from '../scenario/seed.ts'

const at = '2026-03-11T10:00:00+01:00'

export const nothingYet = scenario({
  happened: 'Ada asked for a new event.',
  can: 'Write a title, choose when, and save with Enter.',
  play: ({ openSynced }) => openSynced(),
})

export const ownEvent = scenario({
  happened: 'Ada opened an event of her own. While it is open, another device may write it too.',
  rule: 'R3: what was written here is never overwritten by what comes from elsewhere.',
  can: 'Change, move, resize, archive or delete it; choose between two versions where both wrote.',
  play: async ({ events, openSynced }) => {
    events([{ title: 'Design review', at }])
    await openSynced()
  },
})

export const invited = scenario({
  happened: 'Ada opened an event of Grace’s to which she is invited.',
  can: 'Answer, and file it as she likes; the event itself is Grace’s to change.',
  play: async ({ events, openSynced }) => {
    events([invitation({ title: 'Grace’s review', at })])
    await openSynced()
  },
})
