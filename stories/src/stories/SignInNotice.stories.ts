import { SignInNotice as Svelte } from '@tidemark/calendar/svelte'
import { SignInNotice as Vue } from '@tidemark/calendar/vue'
import type { Meta } from '@storybook/html-vite'
import { expect, waitFor } from 'storybook/test'
import { tell } from '../render/tell.ts'
import * as told from '../scenarios/sync.ts'

export default {
  title: 'Sync/SignInNotice',
  parameters: {
    docs: {
      description: {
        component:
          'Says that the user must sign in before anything is sent, why, and that what was written is kept. Keyboard: Tab reaches the ' +
          'button. Screen reader: an alert, told at once.',
      },
    },
  },
} satisfies Meta

const story = tell({ svelte: Svelte, vue: Vue }, 'SignInNotice', ({ device }) => ({
  onsignin: () => void (device.signedIn = true),
}))

export const SignedOutWithPendingWrites = story({
  scenario: told.signedOutWithPending,
  play: async ({ canvas }) => {
    await expect(await canvas.findByText('You are signed out.')).toBeVisible()
    await expect(canvas.getByRole('alert')).toHaveTextContent('Waiting to be sent: 1')
  },
})

export const SessionExpired = story({
  scenario: told.sessionExpired,
  play: async ({ canvas }) => {
    await expect(await canvas.findByText('Your session has expired.')).toBeVisible()
  },
})

export const SignedInByKeyboard = story({
  scenario: told.signedOutWithPending,
  play: async ({ canvas, userEvent, stage }) => {
    const button = await canvas.findByRole('button', { name: 'Sign in' })
    button.focus()
    await userEvent.keyboard('{Enter}')
    await waitFor(() => expect(canvas.getByRole('alert')).toBeEmptyDOMElement())
    await waitFor(() =>
      expect(stage.server.rows('events')).toContainEqual(
        expect.objectContaining({ title: 'Written while signed out' }),
      ),
    )
  },
  snapshot: false,
})
