import type { CalendarOptions } from '@tidemark/calendar'
import { id } from '../scenario/people.ts'
import { scenario } from '../scenario/scenario.ts'
import type { Stage } from '../scenario/stage.ts'
import { syncedThenOffline } from '../scenario/syncedThenOffline.ts'

const first = id('event', 1)

/** Ada moves an event's start while she is offline, and renames it; then another device writes it, and the network is back. */
const bothChanged =
  (theirs: (stage: Stage) => void) =>
  async (stage: Stage): Promise<void> => {
    const { calendar, online, until } = stage
    await syncedThenOffline(stage, [{ title: 'Design review', at: '2026-03-11T10:00:00+01:00' }])
    await calendar.updateEvent(first, { title: 'Ada’s title', start_time: '2026-03-11T13:00:00Z' })
    theirs(stage)
    online()
    await until(({ tide }) => {
      const status = tide.status$.current
      return status?.name === 'synced' && status.pending === 0
    })
  }

const renamed = ({ wait, otherDevice }: Stage): void => {
  wait(1)
  otherDevice(({ patch }) => patch('events', first, { title: 'Their title', duration: 90 }))
}

export const byMerge = scenario({
  happened:
    'Offline, Ada renamed an event and moved it to two o’clock. Meanwhile another device gave it another title and made it 90 minutes long.',
  rule: 'R3: a pull keeps a pending patch on top. By `merge`, changed columns win, each by itself, in the order in which they arrive.',
  can: 'See Ada’s title and start, and the length of the other device; change what shall be otherwise.',
  play: bothChanged(renamed),
})

export const byUpdatedAt = scenario({
  happened:
    'Offline, Ada renamed an event and moved it to two o’clock. A day later another device gave it another title and made it 90 minutes long.',
  rule: 'R5: a mutation takes effect once, in order. By `updated-at`, what was written last holds: Ada’s earlier change is dropped as a whole, and not parked.',
  can: 'See the event as the other device left it, and change it again.',
  conflict: 'updated-at',
  play: bothChanged(renamed),
})

/** What others said of the length stays; both titles are kept, for people to choose. */
const bothTitles: CalendarOptions['conflict'] = (base, local, remote) => ({
  ...local,
  duration: remote.duration,
  title: local.title === base.title ? remote.title : `${local.title} / ${remote.title}`,
})

export const byFunction = scenario({
  happened:
    'Offline, Ada renamed an event and moved it to two o’clock. Meanwhile another device gave it another title. A function of the app decides: it keeps both titles.',
  rule: 'R3: nothing that was written here is overwritten unseen. The function is given the row before, what was made of it here, and what the server has.',
  can: 'Read both titles, and keep one.',
  conflict: bothTitles,
  play: bothChanged(renamed),
})
