import type { Meta } from '@storybook/html-vite'
import { expect } from 'storybook/test'
import { tell } from '../render/tell.ts'
import { chips } from '../render/chips.ts'
import * as told from '../scenarios/events.ts'

export default {
  title: 'Events/EventChip',
  parameters: {
    docs: { description: { component: 'An event as it stands in a grid or list.' } },
  },
} satisfies Meta

const story = tell(chips.twins, 'EventChip', chips.props)

export const ShownAs = story({
  scenario: told.shownAs,
  play: async ({ canvas }) => {
    for (const as of ['Free', 'Tentative', 'Busy', 'Out of office', 'Working elsewhere'])
      await expect(await canvas.findByRole('img', { name: new RegExp(`, ${as}`) })).toBeVisible()
  },
})

export const DefenseLevels = story({
  scenario: told.defenseLevels,
  play: async ({ canvas }) => {
    for (const level of ['Flexible', 'High protection', 'Hard block'])
      await expect(await canvas.findByRole('img', { name: new RegExp(level) })).toBeVisible()
  },
})
