import { storybookTest } from '@storybook/addon-vitest/vitest-plugin'
import { fileURLToPath } from 'node:url'
import type { TestProjectInlineConfiguration } from 'vitest/config'
import base from './vite.config.ts'

type Project = NonNullable<TestProjectInlineConfiguration['test']>

/**
 * Every story is a test, told by a framework: it must render, its `play` must pass, axe must find nothing, nobody may write an
 * error to the console, and it must look as its picture.
 */
export const storiesBy = (framework: 'svelte' | 'vue', test: Project): TestProjectInlineConfiguration => ({
  ...base,
  define: { 'import.meta.env.STORY_FRAMEWORK': JSON.stringify(framework) },
  plugins: [
    base.plugins,
    storybookTest({ configDir: fileURLToPath(new URL('.storybook', import.meta.url)) }),
  ],
  test: { ...test, name: `stories by ${framework}` },
})
