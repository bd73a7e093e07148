import type { Meta } from '@storybook/html-vite'
import { expect, waitFor } from 'storybook/test'
import { chips } from '../render/chips.ts'
import { tell, type Looked } from '../render/tell.ts'
import * as told from '../scenarios/sync.ts'

export default {
  title: 'Sync/Events',
  parameters: {
    docs: {
      description: { component: 'What a user sees of the events in each state of the synchronisation.' },
    },
  },
} satisfies Meta

const story = tell(chips.twins, 'Events', chips.props)

/** The state is reached, and these events are seen. */
const sees =
  (status: object, ...names: string[]) =>
  async ({ canvas, stage }: Looked): Promise<void> => {
    await waitFor(() => expect(stage.calendar.tide.status$.current).toMatchObject(status))
    for (const text of names)
      await expect(await canvas.findByRole('img', { name: (name) => name.includes(text) })).toBeVisible()
  }

export const Synced = story({
  scenario: told.synced,
  play: sees({ name: 'synced', modes: { events: 'exact' } }, 'Design review', 'Team lunch'),
})

export const PlainMode = story({
  scenario: told.plain,
  play: sees({ name: 'synced', modes: { events: 'plain' } }, 'Design review', 'Team lunch'),
})

export const OfflineForDays = story({
  scenario: told.offlineForDays,
  play: sees({ name: 'offline', pending: 1 }, 'Design review, at home', 'Team lunch'),
})

export const SignedOutWithPendingWrites = story({
  scenario: told.signedOutWithPending,
  play: async (at) => {
    await sees({ name: 'needs-sign-in', pending: 1 }, 'Written while signed out')(at)
    at.stage.device.signedIn = true
    await sees({ name: 'synced', pending: 0 }, 'Written while signed out')(at)
  },
})

export const SessionExpired = story({
  scenario: told.sessionExpired,
  play: sees({ name: 'needs-sign-in', pending: 1 }, 'Kept until the sign-in'),
})

export const ServerBusy = story({
  scenario: told.serverBusy,
  play: sees({ name: 'retrying', pending: 1 }, 'Tried again and again'),
})

export const RealtimeDown = story({
  scenario: told.realtimeDown,
  play: sees({ realtime: 'lost' }, 'Heard by polling'),
})

export const LeaderInAnotherTab = story({
  scenario: told.otherTabLeads,
  play: sees({ leader: false }, 'Design review', 'Team lunch'),
})

export const Quarantine = story({
  scenario: told.quarantined,
  play: sees({ quarantined: 1 }, 'Design review'),
})

export const RepairedByDigest = story({
  scenario: told.repairedByDigest,
  play: sees({ pending: 0 }, 'Changed past the triggers'),
})

export const StorageFull = story({
  scenario: told.storageFull,
  play: async (at) => {
    await sees({ name: 'storage-failed', error: { code: 'storage-full' } }, 'Design review')(at)
    await expect(at.canvas.queryByRole('img', { name: /Too much/ })).toBeNull()
  },
})

export const StorageFailed = story({
  scenario: told.storageFailed,
  play: sees({ name: 'storage-failed' }),
})
