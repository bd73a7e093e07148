import { ArchiveView as Svelte } from '@tidemark/calendar/svelte'
import { ArchiveView as Vue } from '@tidemark/calendar/vue'
import type { Meta } from '@storybook/html-vite'
import { expect, waitFor } from 'storybook/test'
import { tell } from '../render/tell.ts'
import { archived, five } from '../scenarios/months.ts'

export default {
  title: 'Events/ArchiveView',
  parameters: {
    docs: { description: { component: 'The archived events of a time, each to be taken out again.' } },
  },
} satisfies Meta

const story = tell({ svelte: Svelte, vue: Vue }, 'ArchiveView', () => ({
  from: Date.parse('2026-03-01'),
  to: Date.parse('2026-04-01'),
}))

export const OneArchived = story({
  scenario: archived,
  play: async ({ canvas, userEvent, stage }) => {
    const button = await canvas.findByRole('button', { name: 'Unarchive Put away' })
    await userEvent.click(button)
    const range = { from: Date.parse('2026-03-01'), to: Date.parse('2026-04-01') }
    await waitFor(() => expect(stage.calendar.events$(range).current).toHaveLength(2))
  },
  snapshot: false,
})

export const Empty = story({
  scenario: five,
  play: async ({ canvas }) => {
    await expect(await canvas.findByText('Nothing is archived in this time.')).toBeVisible()
  },
})
