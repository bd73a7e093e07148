import { EventEditor as Svelte } from '@tidemark/calendar/svelte'
import { EventEditor as Vue } from '@tidemark/calendar/vue'
import type { Meta } from '@storybook/html-vite'
import { expect, waitFor } from 'storybook/test'
import { tell } from '../render/tell.ts'
import { id } from '../scenario/people.ts'
import * as told from '../scenarios/editing.ts'

export default {
  title: 'Events/EventEditor',
  parameters: {
    docs: {
      // A dialog stands before everything: on a page of many, each has a window of its own.
      story: { inline: false, height: '44rem' },
      description: {
        component:
          'Makes an event, or changes one; archives and deletes. Keyboard: everything can be reached by Tab; an event is moved and ' +
          'resized by its start and end fields; Enter in a field saves, Escape closes. Screen reader: a modal dialog named after what ' +
          'it does; each field has its label, and its problem as description; changes from elsewhere are told politely.',
      },
    },
  },
} satisfies Meta

const story = tell({ svelte: Svelte, vue: Vue }, 'EventEditor', () => ({
  eventId: id('event', 1),
  onclose: () => undefined,
}))

export const Create = story({
  scenario: told.nothingYet,
  props: ({ calendar }) => ({ calendar, onclose: () => undefined }),
  play: async ({ canvas, userEvent, stage }) => {
    await expect(await canvas.findByRole('dialog', { name: 'New event' })).toBeVisible()
    await userEvent.type(canvas.getByLabelText('Title'), 'By keyboard alone{Enter}')
    const all = stage.calendar.events$({ from: 0, to: Date.parse('2026-04-01') })
    await waitFor(async () => expect(await all.ready).toMatchObject([{ title: 'By keyboard alone' }]))
  },
})

export const Edit = story({
  scenario: told.ownEvent,
  play: async ({ canvas }) => {
    await expect(await canvas.findByRole('dialog', { name: 'Event' })).toBeVisible()
    await waitFor(() => expect(canvas.getByLabelText('Title')).toHaveValue('Design review'))
  },
})

export const Invited = story({
  scenario: told.invited,
  play: async ({ canvas }) => {
    await expect(await canvas.findByText(/Only the owner may change/)).toBeVisible()
  },
})

export const ChangedByAnotherDeviceWhileEdited = story({
  scenario: told.ownEvent,
  play: async ({ canvas, userEvent, stage }) => {
    const title = await canvas.findByLabelText('Title')
    await waitFor(() => expect(title).toHaveValue('Design review'))
    await userEvent.type(title, ', in room 4')
    stage.otherDevice(({ patch }) => patch('events', id('event', 1), { agenda: 'Bring sketches.' }))
    await waitFor(() => expect(canvas.getByLabelText('Agenda')).toHaveValue('Bring sketches.'))
    await expect(title).toHaveValue('Design review, in room 4')
  },
})

export const ChangedOnBothSides = story({
  scenario: told.ownEvent,
  play: async ({ canvas, userEvent, stage }) => {
    const title = await canvas.findByLabelText('Title')
    await waitFor(() => expect(title).toHaveValue('Design review'))
    await userEvent.type(title, ', mine')
    stage.otherDevice(({ patch }) => patch('events', id('event', 1), { title: 'Design review, theirs' }))
    await expect(await canvas.findByText(/Changed here and on another device: Title/)).toBeVisible()
  },
})

export const DeletedMeanwhile = story({
  scenario: told.ownEvent,
  play: async ({ canvas, stage }) => {
    await waitFor(() => expect(canvas.getByLabelText('Title')).toHaveValue('Design review'))
    stage.otherDevice(({ remove }) => remove('events', id('event', 1)))
    await expect(await canvas.findByText(/What you wrote is still here/)).toBeVisible()
  },
})
