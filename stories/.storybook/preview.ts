import '@tidemark/calendar/components.css'
import '@tidemark/calendar/tokens.css'
import '@fontsource-variable/noto-sans-arabic/index.css'
import '@fontsource-variable/noto-sans-jp/index.css'
import './preview.css'
import type { Preview } from '@storybook/html-vite'
import { checkConsole, watchConsole } from '../src/render/console.ts'
import { comparePictures } from '../src/render/picture.ts'
import { dressPage, type Surroundings } from '../src/render/surroundings.ts'
import { endStory } from '../src/render/tell.ts'
import { globalTypes, initialGlobals } from './toolbar.ts'

export default {
  globalTypes,
  initialGlobals,
  tags: ['autodocs'],
  parameters: {
    layout: 'fullscreen',
    controls: { disable: true },
    // WCAG 2.2 AA, and what axe holds for good practice; a finding fails the story.
    a11y: { test: 'error' },
    options: { storySort: { order: ['Start', 'Tokens', 'Calendar', 'Events', 'Own', 'Sync', 'Entities'] } },
  },
  decorators: [
    (story, { globals, viewMode }) => {
      dressPage(globals as unknown as Surroundings, viewMode)
      return story()
    },
  ],
  beforeEach: ({ id }) => {
    watchConsole()
    return () => endStory(id)
  },
  afterEach: async ({ id, canvasElement, parameters }) => {
    checkConsole()
    if (parameters.snapshot) await comparePictures(id, canvasElement)
  },
} satisfies Preview
