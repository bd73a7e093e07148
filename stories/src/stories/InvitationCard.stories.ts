import { InvitationCard as Svelte } from '@tidemark/calendar/svelte'
import { InvitationCard as Vue } from '@tidemark/calendar/vue'
import type { Meta } from '@storybook/html-vite'
import { expect, waitFor } from 'storybook/test'
import { tell } from '../render/tell.ts'
import { ada, id } from '../scenario/people.ts'
import type { Stage } from '../scenario/stage.ts'
import * as told from '../scenarios/invitations.ts'

export default {
  title: 'Events/InvitationCard',
  parameters: {
    docs: {
      description: {
        component:
          'An invitation: what, when, from whom and as what, with the three answers. Keyboard: Tab goes from answer to answer; Enter and ' +
          'Space give one, and take it back when it was given. Screen reader: an article by the event’s title; the answers are a group ' +
          'of toggle buttons.',
      },
    },
  },
} satisfies Meta

const story = tell({ svelte: Svelte, vue: Vue }, 'InvitationCard', () => ({ eventId: id('event', 1) }))

/** What the server knows of Ada's answers. */
const answers = ({ server }: Stage) =>
  server
    .rows('event_user_roles')
    .filter(({ user_id }) => user_id === ada)
    .map(({ rsvp }) => rsvp)

export const Asked = story({
  scenario: told.asked,
  play: async ({ canvas }) => {
    await expect(await canvas.findByRole('article', { name: 'Grace’s review' })).toBeVisible()
    await expect(await canvas.findByText(/From Grace Hopper/)).toBeVisible()
    await expect(canvas.getByRole('button', { name: 'Accept' })).toHaveAttribute('aria-pressed', 'false')
  },
})

export const AnsweredOffline = story({
  scenario: told.answeredOffline,
  play: async ({ canvas }) => {
    await waitFor(() =>
      expect(canvas.getByRole('button', { name: 'Accept' })).toHaveAttribute('aria-pressed', 'true'),
    )
    await expect(await canvas.findByText(/From Grace Hopper/)).toBeVisible()
  },
})

export const AnswerRefused = story({
  scenario: told.answerRefused,
  play: async ({ canvas }) => {
    await expect(await canvas.findByText(/From Grace Hopper/)).toBeVisible()
    await expect(canvas.getByRole('button', { name: 'Accept' })).toHaveAttribute('aria-pressed', 'false')
    await expect(canvas.getByRole('alert')).toBeVisible()
  },
})

export const Withdrawn = story({
  scenario: told.withdrawn,
  play: async ({ canvas }) => {
    await expect(await canvas.findByText('This invitation is not here any more.')).toBeVisible()
  },
})

export const AnsweredByKeyboard = story({
  scenario: told.asked,
  play: async ({ canvas, userEvent, stage }) => {
    const maybe = await canvas.findByRole('button', { name: 'Maybe' })
    maybe.focus()
    await userEvent.keyboard('{Enter}')
    await waitFor(() => expect(answers(stage)).toEqual(['tentative']))
    await waitFor(() => expect(maybe).toHaveAttribute('aria-pressed', 'true'))
    await expect(maybe).toHaveFocus()
    await userEvent.keyboard(' ')
    await waitFor(() => expect(answers(stage)).toEqual([null]))
  },
  snapshot: false,
})
