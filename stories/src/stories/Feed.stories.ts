import type { Meta } from '@storybook/html-vite'
import { expect, waitFor } from 'storybook/test'
import { tell } from '../render/tell.ts'
import { projectsOf } from '../scenario/projects.ts'
import * as told from '../scenarios/projects.ts'
import Svelte from '../svelte/FeedStatus.svelte'
import Vue from '../vue/FeedStatus.vue'

export default {
  title: 'Entities/Feed',
  parameters: {
    docs: { description: { component: 'How the feed that tells of changes is connected, by its `state$`.' } },
  },
} satisfies Meta

const story = tell({ svelte: Svelte, vue: Vue }, 'Feed', (stage) => ({ feed: projectsOf(stage).feed }))

export const Reconnecting = story({
  scenario: told.reconnecting,
  play: async ({ canvas }) => {
    await waitFor(() => expect(canvas.getByRole('status')).toHaveTextContent('Live changes: lost'))
  },
  // It is tried again while the picture is taken.
  snapshot: false,
})

export const GivenUp = story({
  scenario: told.givenUp,
  play: async ({ canvas }) => {
    await waitFor(() => expect(canvas.getByRole('status')).toHaveTextContent('Live changes: polling'))
  },
})
