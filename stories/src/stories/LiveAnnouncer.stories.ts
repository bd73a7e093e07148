import { LiveAnnouncer as Svelte } from '@tidemark/calendar/svelte'
import { LiveAnnouncer as Vue } from '@tidemark/calendar/vue'
import type { Meta } from '@storybook/html-vite'
import { expect, waitFor } from 'storybook/test'
import { tell } from '../render/tell.ts'
import { id } from '../scenario/people.ts'
import * as told from '../scenarios/sync.ts'

export default {
  title: 'Sync/LiveAnnouncer',
  parameters: {
    docs: {
      description: {
        component:
          'Tells screen readers what synchronising came to; one for a page, and nothing is to be seen. Keyboard: none. Screen reader: a ' +
          'polite live region.',
      },
    },
  },
} satisfies Meta

const story = tell({ svelte: Svelte, vue: Vue }, 'LiveAnnouncer')
const first = id('event', 1)

export const OfflineAndOnline = story({
  scenario: told.synced,
  play: async ({ canvas, stage }) => {
    const region = await canvas.findByRole('status')
    await expect(region).toHaveTextContent(/^$/)
    stage.offline()
    await waitFor(() => expect(region).toHaveTextContent('Offline. Changes are kept on this device'))
    await stage.calendar.updateEvent(first, { title: 'Design review, at home' })
    stage.online()
    await waitFor(() => expect(region).toHaveTextContent(/All changes are sent|Online again/))
  },
  snapshot: false,
})

export const Refused = story({
  scenario: told.synced,
  play: async ({ canvas, stage }) => {
    stage.refuse('23514')
    await stage.calendar.updateEvent(first, { title: 'Design review, renamed' })
    await waitFor(() =>
      expect(canvas.getByRole('status')).toHaveTextContent('The server refused changes: 1.'),
    )
  },
  snapshot: false,
})

export const SignInNeeded = story({
  scenario: told.synced,
  play: async ({ canvas, stage }) => {
    stage.signOut()
    await stage.calendar.updateEvent(first, { title: 'Written while signed out' })
    await waitFor(() => expect(canvas.getByRole('status')).toHaveTextContent('Sign-in needed.'))
  },
  snapshot: false,
})
