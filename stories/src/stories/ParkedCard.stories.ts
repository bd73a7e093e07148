import { ParkedCard as Svelte } from '@tidemark/calendar/svelte'
import { ParkedCard as Vue } from '@tidemark/calendar/vue'
import type { Meta } from '@storybook/html-vite'
import { expect, waitFor } from 'storybook/test'
import { tell } from '../render/tell.ts'
import * as told from '../scenarios/outbox.ts'

export default {
  title: 'Sync/ParkedCard',
  parameters: {
    docs: {
      description: {
        component:
          'A write that the server refused: what it was, why, and what can be done. Nothing is discarded without being asked twice. ' +
          'Keyboard: Edit moves the focus into the field, Enter there saves, Escape cancels, and the focus returns. Screen reader: an ' +
          'article named after the write; a failure is an alert.',
      },
    },
  },
} satisfies Meta

const story = tell({ svelte: Svelte, vue: Vue }, 'ParkedCard', ({ calendar }) => ({
  parked: calendar.tide.outbox.parked$.current?.[0],
}))

export const Forbidden = story({
  scenario: told.forbidden,
  play: async ({ canvas }) => {
    await expect(await canvas.findByText('You are not allowed to do this.')).toBeVisible()
  },
})

export const Hidden = story({
  scenario: told.hidden,
  play: async ({ canvas }) => {
    await expect(await canvas.findByText('It was deleted, or you may not see it any more.')).toBeVisible()
  },
})

export const Invalid = story({
  scenario: told.invalid,
  play: async ({ canvas }) => {
    await expect(await canvas.findByText('The server does not accept these values.')).toBeVisible()
  },
})

export const ExistsAlready = story({
  scenario: told.exists,
  play: async ({ canvas }) => {
    await expect(await canvas.findByText('There is one like it already.')).toBeVisible()
  },
})

export const RefusedOtherwise = story({
  scenario: told.otherwise,
  play: async ({ canvas }) => {
    await expect(await canvas.findByText(/Events of the past are closed/)).toBeVisible()
  },
})

export const OthersWait = story({
  scenario: told.refusedCreate,
  play: async ({ canvas }) => {
    await expect(await canvas.findByText(/Changes that wait for this one/)).toBeVisible()
  },
})

export const BeingEdited = story({
  scenario: told.invalid,
  play: async ({ canvas, userEvent }) => {
    await userEvent.click(await canvas.findByRole('button', { name: 'Edit' }))
    await waitFor(() => expect(canvas.getByLabelText('Title')).toHaveFocus())
    await expect(canvas.getByLabelText('Title')).toHaveValue('Design review, renamed')
  },
})

export const EditCancelled = story({
  scenario: told.invalid,
  play: async ({ canvas, userEvent }) => {
    await userEvent.click(await canvas.findByRole('button', { name: 'Edit' }))
    await waitFor(() => expect(canvas.getByLabelText('Title')).toHaveFocus())
    await userEvent.keyboard('{Escape}')
    await waitFor(() => expect(canvas.getByRole('button', { name: 'Edit' })).toHaveFocus())
    await expect(canvas.queryByLabelText('Title')).toBeNull()
  },
  snapshot: false,
})

export const AskedBeforeDiscarding = story({
  scenario: told.invalid,
  play: async ({ canvas, userEvent }) => {
    await userEvent.click(await canvas.findByRole('button', { name: 'Discard' }))
    await waitFor(() => expect(canvas.getByRole('button', { name: 'Keep' })).toHaveFocus())
    await expect(canvas.getByRole('group', { name: 'Discard for good?' })).toBeVisible()
  },
})
