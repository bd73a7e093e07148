import { CalendarList as Svelte } from '@tidemark/calendar/svelte'
import { CalendarList as Vue } from '@tidemark/calendar/vue'
import type { Meta } from '@storybook/html-vite'
import { expect, waitFor } from 'storybook/test'
import { tell } from '../render/tell.ts'
import { calendars } from '../scenario/seed.ts'
import * as told from '../scenarios/own.ts'

export default {
  title: 'Own/CalendarList',
  parameters: {
    docs: {
      description: {
        component:
          'The user’s calendars: shows and hides their events, adds, renames, recolours and deletes. Keyboard: Space shows and hides; ' +
          'in the fields Enter saves and Escape cancels, and the focus goes back to where it came from. Screen reader: a region; each ' +
          'check box and button says which calendar it is of.',
      },
    },
  },
} satisfies Meta

const story = tell({ svelte: Svelte, vue: Vue }, 'CalendarList')

export const All = story({
  scenario: told.ownThings,
  play: async ({ canvas }) => {
    await expect(await canvas.findByRole('checkbox', { name: 'Family' })).toBeChecked()
    await expect(canvas.getAllByRole('listitem')).toHaveLength(4)
    await expect(canvas.queryByRole('button', { name: 'Delete Ada' })).toBeNull()
  },
})

export const NothingStored = story({
  scenario: told.nothingStored,
  play: async ({ canvas }) => {
    await expect(await canvas.findByText('No calendars yet.')).toBeVisible()
  },
})

export const RenamedOffline = story({
  scenario: told.ownThingsOffline,
  play: async ({ canvas }) => {
    await expect(await canvas.findByRole('checkbox', { name: 'Work, all of it' })).toBeVisible()
    await expect(canvas.getByRole('img', { name: 'Waiting for the server' })).toBeVisible()
  },
})

export const Refused = story({
  scenario: told.refusedCalendar,
  play: async ({ canvas }) => {
    await expect(await canvas.findByRole('img', { name: 'The server refused a change' })).toBeVisible()
    await expect(canvas.getByRole('checkbox', { name: 'Work' })).toBeVisible()
  },
})

export const Hidden = story({
  scenario: told.ownThings,
  play: async ({ canvas, userEvent, stage }) => {
    const family = await canvas.findByRole('checkbox', { name: 'Family' })
    family.focus()
    await userEvent.keyboard(' ')
    await waitFor(() =>
      expect(stage.server.rows('user_calendars')).toContainEqual(
        expect.objectContaining({ id: calendars.family, visible: false }),
      ),
    )
    await expect(family).not.toBeChecked()
    await expect(family).toHaveFocus()
  },
  snapshot: false,
})

export const AddedByKeyboard = story({
  scenario: told.ownThings,
  play: async ({ canvas, userEvent }) => {
    const add = await canvas.findByRole('button', { name: 'New calendar' })
    add.focus()
    await userEvent.keyboard('{Enter}')
    await waitFor(() => expect(canvas.getByLabelText('Name')).toHaveFocus())
    await userEvent.keyboard('{Enter}')
    await expect(await canvas.findByText('Give it a name.')).toBeVisible()
    await userEvent.keyboard('Garden{Enter}')
    await expect(await canvas.findByRole('checkbox', { name: 'Garden' })).toBeVisible()
    await waitFor(() => expect(canvas.getByRole('button', { name: 'New calendar' })).toHaveFocus())
  },
  snapshot: false,
})

export const BeingEdited = story({
  scenario: told.ownThings,
  play: async ({ canvas, userEvent }) => {
    await userEvent.click(await canvas.findByRole('button', { name: 'Edit Family' }))
    await waitFor(() => expect(canvas.getByLabelText('Name')).toHaveValue('Family'))
    await userEvent.clear(canvas.getByLabelText('Name'))
    await userEvent.keyboard('{Enter}')
    await expect(await canvas.findByText('Give it a name.')).toBeVisible()
  },
})

export const Deleted = story({
  scenario: told.ownThings,
  play: async ({ canvas, userEvent }) => {
    await userEvent.click(await canvas.findByRole('button', { name: 'Delete Family' }))
    await waitFor(() => expect(canvas.queryByRole('checkbox', { name: 'Family' })).toBeNull())
    await waitFor(() => expect(canvas.getByRole('button', { name: 'New calendar' })).toHaveFocus())
  },
  snapshot: false,
})
