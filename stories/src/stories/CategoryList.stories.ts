import { CategoryList as Svelte } from '@tidemark/calendar/svelte'
import { CategoryList as Vue } from '@tidemark/calendar/vue'
import type { Meta } from '@storybook/html-vite'
import { expect, waitFor } from 'storybook/test'
import { tell } from '../render/tell.ts'
import { categories } from '../scenario/seed.ts'
import * as told from '../scenarios/own.ts'

export default {
  title: 'Own/CategoryList',
  parameters: {
    docs: {
      description: {
        component:
          'The user’s categories: adds, renames, recolours and deletes. Keyboard: in the fields Enter saves and Escape cancels, and the ' +
          'focus goes back to where it came from. Screen reader: a region; each button says which category it is of.',
      },
    },
  },
} satisfies Meta

const story = tell({ svelte: Svelte, vue: Vue }, 'CategoryList')

export const All = story({
  scenario: told.ownThings,
  play: async ({ canvas }) => {
    await expect(await canvas.findByText('Travel')).toBeVisible()
    await expect(canvas.queryByRole('button', { name: 'Delete Focus' })).toBeNull()
  },
})

export const NothingStored = story({
  scenario: told.nothingStored,
  play: async ({ canvas }) => {
    await expect(await canvas.findByText('No categories yet.')).toBeVisible()
  },
})

export const Renamed = story({
  scenario: told.ownThings,
  play: async ({ canvas, userEvent, stage }) => {
    await userEvent.click(await canvas.findByRole('button', { name: 'Edit Travel' }))
    const name = await canvas.findByLabelText('Name')
    await waitFor(() => expect(name).toHaveFocus())
    await userEvent.clear(name)
    await userEvent.type(name, 'Journeys{Enter}')
    await waitFor(() => expect(canvas.getByRole('button', { name: 'Edit Journeys' })).toHaveFocus())
    await waitFor(() =>
      expect(stage.server.rows('user_categories')).toContainEqual(
        expect.objectContaining({ id: categories.travel, name: 'Journeys' }),
      ),
    )
  },
  snapshot: false,
})
