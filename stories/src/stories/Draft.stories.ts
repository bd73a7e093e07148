import type { Meta } from '@storybook/html-vite'
import { expect, waitFor } from 'storybook/test'
import { tell } from '../render/tell.ts'
import { project, projectsOf } from '../scenario/projects.ts'
import * as told from '../scenarios/projects.ts'
import Svelte from '../svelte/ProjectForm.svelte'
import Vue from '../vue/ProjectForm.vue'

export default {
  title: 'Entities/Draft',
  parameters: {
    docs: {
      description: {
        component:
          'The unsaved edit of an entity in a small form, as `createDraft` and `useDraft` give it: it survives a reload, knows how to ' +
          'undo, and says when somebody else has changed the same.',
      },
    },
  },
} satisfies Meta

const story = tell({ svelte: Svelte, vue: Vue }, 'Draft', (stage) => ({
  entities: projectsOf(stage).entities,
}))

export const Clean = story({
  scenario: told.clean,
  play: async ({ canvas }) => {
    await waitFor(() => expect(canvas.getByLabelText('name')).toHaveValue('Sea wall'))
    await expect(canvas.getByRole('button', { name: 'Save' })).toBeDisabled()
    await expect(canvas.getByRole('button', { name: 'Undo' })).toBeDisabled()
  },
})

export const Dirty = story({
  scenario: told.dirty,
  play: async ({ canvas }) => {
    await waitFor(() => expect(canvas.getByLabelText('name')).toHaveValue('Sea wall, north'))
    await expect(canvas.getByRole('status')).toHaveTextContent('editing, not saved')
    await expect(canvas.getByRole('button', { name: 'Undo' })).toBeEnabled()
  },
})

export const Undone = story({
  scenario: told.undone,
  play: async ({ canvas }) => {
    await waitFor(() => expect(canvas.getByLabelText('place')).toHaveValue('Hamburg'))
    await expect(canvas.getByLabelText('name')).toHaveValue('Sea wall, north')
    await expect(canvas.getByRole('button', { name: 'Redo' })).toBeEnabled()
  },
})

export const Conflicting = story({
  scenario: told.conflicting,
  play: async ({ canvas }) => {
    await expect(await canvas.findByText(/elsewhere to “Sea wall, south”, Husum/)).toBeVisible()
    await expect(canvas.getByRole('status')).toHaveTextContent('conflict, not saved')
  },
})

export const ConflictResolved = story({
  scenario: told.conflicting,
  play: async ({ canvas, userEvent, stage }) => {
    await userEvent.click(await canvas.findByRole('button', { name: 'Keep mine' }))
    await waitFor(() => expect(canvas.getByRole('status')).toHaveTextContent('editing, not saved'))
    await userEvent.click(canvas.getByRole('button', { name: 'Save' }))
    const { server } = projectsOf(stage)
    await waitFor(() =>
      expect(server.row(project)).toMatchObject({ name: 'Sea wall, north', place: 'Husum' }),
    )
  },
  snapshot: false,
})

export const RestoredAfterReload = story({
  scenario: told.restored,
  play: async ({ canvas, userEvent }) => {
    await waitFor(() => expect(canvas.getByLabelText('name')).toHaveValue('Sea wall, north'))
    await userEvent.click(canvas.getByRole('button', { name: 'Undo' }))
    await waitFor(() => expect(canvas.getByLabelText('name')).toHaveValue('Sea wall'))
    await userEvent.click(canvas.getByRole('button', { name: 'Redo' }))
    await waitFor(() => expect(canvas.getByLabelText('name')).toHaveValue('Sea wall, north'))
  },
})
