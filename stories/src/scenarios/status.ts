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

export const blockedUpgrade = scenario({
  happened:
    'A new version of the app was opened, while a tab of an older one holds the database open and does not let go.',
  rule: 'R10: the state says why nothing can be stored, and no promise resolves that was not kept.',
  can: 'Close the other tab: the app goes on by itself.',
  play: async ({ calendar, open, olderTab, until }) => {
    olderTab()
    // It resolves when the other tab is closed, or is refused when nobody looks any more.
    open().catch(() => undefined)
    await until(() => calendar.tide.status$.current?.name === 'storage-blocked')
  },
})
