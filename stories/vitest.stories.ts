import type {} from '@vitest/browser'
import { storybookTest } from '@storybook/addon-vitest/vitest-plugin'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import type { TestProjectInlineConfiguration } from 'vitest/config'
import base from './vite.config.ts'

type Project = NonNullable<TestProjectInlineConfiguration['test']>
type Browser = NonNullable<Project['browser']>
type Looks = NonNullable<Browser['expect']>

const pictures = fileURLToPath(new URL('pictures', import.meta.url))

/** One picture for both frameworks and every system: letters may differ a little, the rest may not. */
const looks: Looks = {
  toMatchScreenshot: {
    comparatorName: 'pixelmatch',
    comparatorOptions: { threshold: 0.25, allowedMismatchedPixelRatio: 0.005 },
    resolveScreenshotPath: ({ arg, ext }) => path.join(pictures, `${arg}${ext}`),
  },
}

const libraries = [
  'fullcalendar',
  'fullcalendar/daygrid',
  'fullcalendar/interaction',
  'fullcalendar/themes/classic',
  'fullcalendar/timegrid',
  '@tidemark/core > dexie',
  '@tidemark/core > rxjs',
  '@tidemark/core > zod/v4/core',
  '@tidemark/calendar > lucide',
  'zod',
]

/**
 * Every story is a test, told by a framework: it must render, its `play` must pass, axe must find nothing, nobody may write an
 * error to the console, and it must look as its picture.
 */
export const storiesBy = (
  framework: 'svelte' | 'vue',
  { browser, ...test }: Project & { browser: Browser },
): TestProjectInlineConfiguration => ({
  ...base,
  define: { 'import.meta.env.STORY_FRAMEWORK': JSON.stringify(framework) },
  plugins: [
    base.plugins,
    storybookTest({ configDir: fileURLToPath(new URL('.storybook', import.meta.url)) }),
  ],
  // Named here, because a dependency that is found half-way through a run reloads the page under the tests.
  optimizeDeps: { include: libraries },
  test: { ...test, name: `stories by ${framework}`, browser: { ...browser, expect: looks } },
})
