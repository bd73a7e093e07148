import { WorkPeriods as Svelte } from '@tidemark/calendar/svelte'
import { WorkPeriods as Vue } from '@tidemark/calendar/vue'
import type { Meta } from '@storybook/html-vite'
import { expect, waitFor } from 'storybook/test'
import { tell } from '../render/tell.ts'
import * as told from '../scenarios/own.ts'

export default {
  title: 'Own/WorkPeriods',
  parameters: {
    docs: {
      description: {
        component:
          'When the user works, day by day. A period that ends before it starts, or at the time of another, is refused with a sentence. ' +
          'Keyboard: in the fields Enter saves and Escape cancels; the focus goes back to where it came from. Screen reader: a region, ' +
          'and a list for each day; each button says which period it is of.',
      },
    },
  },
} satisfies Meta

const story = tell({ svelte: Svelte, vue: Vue }, 'WorkPeriods')

export const Week = story({
  scenario: told.ownThings,
  play: async ({ canvas }) => {
    await expect(await canvas.findByRole('list', { name: 'Monday' })).toHaveTextContent('09:00')
    await expect(canvas.getAllByRole('list')).toHaveLength(5)
  },
})

export const NothingStored = story({
  scenario: told.nothingStored,
  play: async ({ canvas }) => {
    await expect(await canvas.findByText('No work periods yet.')).toBeVisible()
  },
})

export const AtTheTimeOfAnother = story({
  scenario: told.ownThings,
  play: async ({ canvas, userEvent }) => {
    await userEvent.click(await canvas.findByRole('button', { name: 'Add' }))
    await userEvent.selectOptions(canvas.getByLabelText('Day'), 'Monday')
    await userEvent.click(canvas.getByRole('button', { name: 'Save' }))
    await expect(await canvas.findByText('There is a work period at this time already.')).toBeVisible()
  },
})

export const Removed = story({
  scenario: told.ownThings,
  play: async ({ canvas, userEvent, stage }) => {
    const [remove] = await canvas.findAllByRole('button', { name: /^Remove .*Monday/ })
    if (!remove) throw new Error('Monday has no work period.')
    await userEvent.click(remove)
    await waitFor(() => expect(canvas.queryByRole('list', { name: 'Monday' })).toBeNull())
    await waitFor(() => expect(stage.server.rows('user_work_periods')).toHaveLength(4))
    await expect(canvas.getByRole('button', { name: 'Add' })).toHaveFocus()
  },
  snapshot: false,
})
