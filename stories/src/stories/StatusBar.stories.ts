import { StatusBar as Svelte } from '@tidemark/calendar/svelte'
import { StatusBar as Vue } from '@tidemark/calendar/vue'
import type { Meta } from '@storybook/html-vite'
import { expect, waitFor } from 'storybook/test'
import { tell, type Looked } from '../render/tell.ts'
import * as more from '../scenarios/status.ts'
import * as told from '../scenarios/sync.ts'

export default {
  title: 'Sync/StatusBar',
  parameters: {
    docs: {
      description: {
        component:
          'How the device and the server stand: one state, what can be done about it, and what else is true. Keyboard: Tab reaches the ' +
          'buttons. Screen reader: a region of its own name; changes are told by LiveAnnouncer, not from here.',
      },
    },
  },
} satisfies Meta

const story = tell({ svelte: Svelte, vue: Vue }, 'StatusBar', () => ({ onoutbox: () => undefined }))

/** The bar says all of this. */
const says =
  (...texts: string[]) =>
  async ({ canvas }: Pick<Looked, 'canvas'>): Promise<void> => {
    const bar = await canvas.findByRole('region', { name: 'Synchronisation' })
    for (const text of texts) await waitFor(() => expect(bar).toHaveTextContent(text))
  }

export const Synced = story({
  scenario: told.synced,
  play: says('Synced', 'Last synced: 09:30', 'Exact'),
})

export const PlainMode = story({ scenario: told.plain, play: says('Synced', 'Best effort') })

export const OfflineForDays = story({
  scenario: told.offlineForDays,
  play: says('Offline', 'Waiting to be sent: 1'),
})

export const SignedOutWithPendingWrites = story({
  scenario: told.signedOutWithPending,
  play: says('Sign-in needed', 'Waiting to be sent: 1'),
})

export const SessionExpired = story({ scenario: told.sessionExpired, play: says('Sign-in needed') })

export const ServerBusy = story({
  scenario: told.serverBusy,
  play: says('Retrying', 'Next try: 09:30', 'Waiting to be sent: 1'),
  // It is asked again while the picture is taken.
  snapshot: false,
})

export const RealtimeDown = story({
  scenario: told.realtimeDown,
  play: says('Synced', 'Live changes interrupted'),
})

export const LeaderInAnotherTab = story({ scenario: told.otherTabLeads, play: says('Another tab syncs') })

export const Quarantine = story({ scenario: told.quarantined, play: says('Left out, unreadable: 1') })

export const Refused = story({ scenario: more.refused, play: says('Synced', 'Refused: 1') })

export const StorageFull = story({ scenario: told.storageFull, play: says('Storage failed') })

export const StorageFailed = story({ scenario: told.storageFailed, play: says('Storage failed') })

export const BlockedUpgrade = story({
  scenario: more.blockedUpgrade,
  play: says('Waiting for other tabs', 'Another tab holds an older version open'),
})

export const German = story({
  scenario: told.offlineForDays,
  globals: { locale: 'de' },
  play: async ({ canvas }) => {
    await expect(await canvas.findByRole('region')).toHaveAttribute('data-status', 'offline')
  },
})

export const Arabic = story({
  scenario: told.offlineForDays,
  globals: { locale: 'ar' },
  play: async ({ canvas }) => {
    await expect(await canvas.findByRole('region')).toHaveAttribute('data-status', 'offline')
  },
})

export const SyncedNowByKeyboard = story({
  scenario: told.synced,
  play: async ({ canvas, userEvent, stage }) => {
    const status$ = stage.calendar.tide.status$
    const before = status$.current?.name === 'synced' ? status$.current.at : 0
    const now = await canvas.findByRole('button', { name: 'Sync now' })
    now.focus()
    await userEvent.keyboard('{Enter}')
    await stage.until(() => status$.current?.name === 'synced' && status$.current.at > before)
    await expect(now).toHaveFocus()
  },
  snapshot: false,
})
