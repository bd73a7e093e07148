import type { Meta } from '@storybook/html-vite'
import { expect, waitFor } from 'storybook/test'
import { tell } from '../render/tell.ts'
import { projectsOf } from '../scenario/projects.ts'
import * as told from '../scenarios/projects.ts'
import Svelte from '../svelte/ProjectList.svelte'
import Vue from '../vue/ProjectList.vue'

export default {
  title: 'Entities/List',
  parameters: {
    docs: {
      description: {
        component:
          'One page of a list, as `createEntityList` and `useEntityList` give it, with its state: loading, fresh, stale while it is ' +
          'fetched again, waiting for a server that is busy.',
      },
    },
  },
} satisfies Meta

const story = tell({ svelte: Svelte, vue: Vue }, 'List', (stage) => ({
  entities: projectsOf(stage).entities,
}))

export const Loading = story({
  scenario: told.loading,
  play: async ({ canvas }) => {
    await expect(await canvas.findByRole('status')).toHaveTextContent('loading')
    await expect(canvas.queryAllByRole('listitem')).toHaveLength(0)
  },
})

export const Fresh = story({
  scenario: told.listed,
  play: async ({ canvas }) => {
    await waitFor(() => expect(canvas.getByRole('status')).toHaveTextContent('fresh, 5 in all'))
    await expect(canvas.getAllByRole('listitem')).toHaveLength(3)
  },
})

export const StaleWhileRefetching = story({
  scenario: told.refetching,
  play: async ({ canvas }) => {
    await waitFor(() => expect(canvas.getByRole('status')).toHaveTextContent('stale, 5 in all'))
    await expect(canvas.getByText('Sea wall, Hamburg')).toBeVisible()
  },
})

export const WaitingForTheServer = story({
  scenario: told.waiting,
  play: async ({ canvas }) => {
    await waitFor(() => expect(canvas.getByRole('status')).toHaveTextContent('waiting, 5 in all'))
    await expect(canvas.getByText('Sea wall, Hamburg')).toBeVisible()
  },
})

export const NextPage = story({
  scenario: told.listed,
  play: async ({ canvas, userEvent }) => {
    await waitFor(() => expect(canvas.getByRole('button', { name: 'Next' })).toBeEnabled())
    await userEvent.click(canvas.getByRole('button', { name: 'Next' }))
    await expect(await canvas.findByText('Harbour, Bremen')).toBeVisible()
    await expect(canvas.getAllByRole('listitem')).toHaveLength(2)
  },
  snapshot: false,
})
