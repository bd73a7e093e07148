import { PersonaPicker as Svelte } from '@tidemark/calendar/svelte'
import { PersonaPicker as Vue } from '@tidemark/calendar/vue'
import type { Meta } from '@storybook/html-vite'
import { expect } from 'storybook/test'
import { tell } from '../render/tell.ts'
import * as told from '../scenarios/own.ts'

export default {
  title: 'Own/PersonaPicker',
  parameters: {
    docs: {
      description: {
        component:
          'One of the user’s assistants, or none. Keyboard: Tab goes to the one that is chosen, the arrow keys choose another. Screen ' +
          'reader: a group of radio buttons by its heading; each is described by how it greets.',
      },
    },
  },
} satisfies Meta

const story = tell({ svelte: Svelte, vue: Vue }, 'PersonaPicker')

export const Choices = story({
  scenario: told.ownThings,
  play: async ({ canvas }) => {
    await expect(await canvas.findByRole('radio', { name: 'Secretary' })).toBeChecked()
    await expect(canvas.getByRole('radio', { name: 'Coach' })).not.toBeChecked()
  },
})

export const OrNone = story({
  scenario: told.ownThings,
  props: () => ({ optional: true, chosen: null }),
  play: async ({ canvas }) => {
    await expect(await canvas.findByRole('radio', { name: 'Secretary' })).not.toBeChecked()
    await expect(canvas.getAllByRole('radio')).toHaveLength(3)
  },
})

export const NothingStored = story({
  scenario: told.nothingStored,
  play: async ({ canvas }) => {
    await expect(await canvas.findByText('No assistants yet.')).toBeVisible()
  },
})
