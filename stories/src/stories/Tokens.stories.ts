import type { Meta, StoryObj } from '@storybook/html-vite'
import { expect } from 'storybook/test'
import tokens from '@tidemark/calendar/tokens.css?raw'
import { controlsPage } from '../render/controlsPage.ts'
import { tokenPage } from '../render/tokenPage.ts'
import { makeHost, type Surroundings } from '../render/surroundings.ts'

export default {
  title: 'Tokens',
  parameters: {
    docs: {
      description: {
        component:
          'Everything that decides how the components look, read from `@tidemark/calendar/tokens.css`. Nothing else names a colour, ' +
          'a length or a time. Themes: the system’s, or `data-theme` on any element; `data-density="compact"`; `data-motion="reduced"`.',
      },
    },
  },
} satisfies Meta

export const Tokens: StoryObj = {
  // Higher than a window, and it repeats what every other picture shows.
  parameters: { snapshot: false },
  render: (_args, { globals }) => {
    const host = makeHost(globals as unknown as Surroundings, { direction: 'ltr' })
    host.append(...tokenPage(tokens))
    return host
  },
  play: async ({ canvas }) => {
    for (const group of ['Colour', 'Space', 'Type', 'Motion'])
      await expect(canvas.getByRole('heading', { name: group })).toBeVisible()
    await expect(canvas.getByText('--tm-color-blue')).toBeVisible()
    await expect(canvas.getByText('#ffffff by day, #14181f by night')).toBeVisible()
  },
}

export const Controls: StoryObj = {
  parameters: {
    docs: {
      description: {
        story:
          'Buttons, fields and check boxes, as they are when they can be used and when they cannot: what is disabled is sunken, has a ' +
          'dashed edge and quiet words that can still be read, and says `not-allowed` under the pointer.',
      },
    },
    snapshot: true,
  },
  render: (_args, { globals }) => {
    const host = makeHost(globals as unknown as Surroundings, { direction: 'ltr' })
    host.append(...controlsPage())
    return host
  },
  play: async ({ canvas }) => {
    for (const control of canvas.getAllByRole('button', { name: /disabled/ }))
      await expect(getComputedStyle(control)).toMatchObject({ cursor: 'not-allowed', borderStyle: 'dashed' })
    for (const control of canvas.getAllByRole('button', { name: /enabled/ }))
      await expect(getComputedStyle(control)).toMatchObject({ cursor: 'pointer', borderStyle: 'solid' })
  },
}
