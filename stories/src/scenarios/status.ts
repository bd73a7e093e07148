import { id } from '../scenario/people.ts'
import { scenario } from '../scenario/scenario.ts'

export const refused = scenario({
  happened: 'The server refused one of Ada’s writes.',
  rule: 'R5: a refused mutation is parked, visibly, and its effect is rolled back; nothing the user wrote is deleted.',
  can: 'Open the outbox.',
  play: async ({ calendar, events, openSynced, refuse, until }) => {
    events([{ title: 'Design review', at: '2026-03-11T10:00:00+01:00' }])
    await openSynced()
    refuse('23514')
    await calendar.updateEvent(id('event', 1), { title: 'Design review, renamed' })
    await until(({ tide }) => {
      const status = tide.status$.current
      return status?.name === 'synced' && status.parked === 1
    })
  },
})
