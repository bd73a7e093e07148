import { OutboxDrawer as Svelte } from '@tidemark/calendar/svelte'
import { OutboxDrawer as Vue } from '@tidemark/calendar/vue'
import type { Meta } from '@storybook/html-vite'
import { expect, waitFor } from 'storybook/test'
import { tell, type Looked } from '../render/tell.ts'
import * as told from '../scenarios/outbox.ts'
import { synced } from '../scenarios/sync.ts'

export default {
  title: 'Sync/OutboxDrawer',
  parameters: {
    docs: {
      story: { inline: false, height: '36rem' },
      description: {
        component:
          'Everything that the server does not have yet: writes that it refused, each with what can be done, and writes that wait. ' +
          'Keyboard: Tab goes through the cards, Escape closes, and the focus returns to where it came from. Screen reader: a modal ' +
          'dialog with two lists of their own names.',
      },
    },
  },
} satisfies Meta

const story = tell({ svelte: Svelte, vue: Vue }, 'OutboxDrawer', () => ({ onclose: () => undefined }))

/** Nothing is left in the outbox, and the server has an event of this title. */
async function sent({ canvas, stage }: Looked, title: string): Promise<void> {
  await expect(await canvas.findByText('Everything has been sent.')).toBeVisible()
  const { server } = stage
  await waitFor(() => expect(server.rows('events')).toContainEqual(expect.objectContaining({ title })))
}

export const Empty = story({
  scenario: synced,
  play: async ({ canvas }) => {
    await expect(await canvas.findByText('Everything has been sent.')).toBeVisible()
  },
})

export const Waiting = story({
  scenario: told.waiting,
  play: async ({ canvas }) => {
    const list = await canvas.findByRole('list', { name: 'Waiting to be sent' })
    for (const text of [
      'Written on the train',
      'Design review, in the garden',
      'Deleted: Event · Team lunch',
      'Journeys',
    ])
      await expect(list).toHaveTextContent(text)
  },
})

export const Refused = story({
  scenario: told.hidden,
  play: async ({ canvas }) => {
    await expect(await canvas.findByRole('article', { name: /Mine now/ })).toHaveTextContent(
      'It was deleted, or you may not see it any more.',
    )
  },
})

export const TriedAgain = story({
  scenario: told.invalid,
  play: async (at) => {
    const retry = await at.canvas.findByRole('button', { name: 'Try again' })
    at.stage.server.refuse(undefined)
    retry.focus()
    await at.userEvent.keyboard('{Enter}')
    await sent(at, 'Design review, renamed')
  },
  snapshot: false,
})

export const EditedByKeyboard = story({
  scenario: told.invalid,
  play: async (at) => {
    const { canvas, stage, userEvent } = at
    const edit = await canvas.findByRole('button', { name: 'Edit' })
    edit.focus()
    await userEvent.keyboard('{Enter}')
    await waitFor(() => expect(canvas.getByLabelText('Title')).toHaveFocus())
    stage.server.refuse(undefined)
    await userEvent.clear(canvas.getByLabelText('Title'))
    await userEvent.keyboard('Design review, mended{Enter}')
    await sent(at, 'Design review, mended')
  },
  snapshot: false,
})

export const RefusedAgain = story({
  scenario: told.invalid,
  play: async ({ canvas, userEvent, stage }) => {
    const before = stage.calendar.tide.outbox.parked$.current?.[0]?.at ?? 0
    await userEvent.click(await canvas.findByRole('button', { name: 'Try again' }))
    await stage.until(({ tide }) => (tide.outbox.parked$.current?.[0]?.at ?? 0) > before)
    await expect(await canvas.findByRole('article', { name: /Design review, renamed/ })).toBeVisible()
  },
  snapshot: false,
})

export const Discarded = story({
  scenario: told.invalid,
  play: async ({ canvas, userEvent, stage }) => {
    await userEvent.click(await canvas.findByRole('button', { name: 'Discard' }))
    await waitFor(() => expect(canvas.getByRole('button', { name: 'Keep' })).toHaveFocus())
    await userEvent.click(canvas.getByRole('button', { name: 'Yes, discard' }))
    await expect(await canvas.findByText('Everything has been sent.')).toBeVisible()
    await expect(stage.server.rows('events').map(({ title }) => title)).toContain('Design review')
  },
  snapshot: false,
})
