import path from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { errorsFile, errorsPage } from '../../docs/scripts/errors.ts'
import { catalogue } from '../../packages/core/src/base/errors.ts'
import { floors } from '../floors.js'
import { errorsIn } from './checkExamples.ts'
import { root } from './command.ts'
import { examplesIn, pages, readPage } from './docExamples.ts'

const examples = pages.flatMap((page) => examplesIn(page, readPage(page)))

const wrong = examplesIn(
  'docs/guide/wrong.md',
  ['# Page', '```ts complete', "import { days } from '@tidemark/core'", "days('two')", '```'].join('\n'),
)

describe('examples', () => {
  let errors: string[] = []

  // All at once: most of the time goes into the sources of the packages.
  beforeAll(() => {
    errors = errorsIn([...examples, ...wrong])
  })

  test('every complete example compiles against the sources', () => {
    expect(errors.filter((error) => !error.startsWith('docs/guide/wrong.md'))).toEqual([])
  })

  test('and one that does not fit the library is reported where it stands', () => {
    expect(errors).toContainEqual(expect.stringMatching(/^docs\/guide\/wrong\.md:4 .*'string'/))
  })

  test('modules have names of their own', () => {
    const names = examples.map(({ file }) => file)
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([])
  })

  test.each([
    'packages/core/README.md',
    'docs/guide/start.md',
    'packages/svelte/README.md',
    'packages/vue/README.md',
  ])('%s has complete examples', (page) =>
    expect(examples.filter((example) => example.page === page)).not.toEqual([]),
  )

  test('the script of a component keeps its lines', () => {
    const text = '```vue complete\n<script setup lang="ts">\nconst a = 1\n</script>\n```\n'
    expect(examplesIn('docs/page.md', text)).toEqual([
      { page: 'docs/page.md', line: 1, file: 'docs-page-md-1.ts', code: '\nconst a = 1\n' },
    ])
  })
})

describe('the page of the errors', () => {
  const page = readPage(path.relative(root, errorsFile))

  test('is what docs/scripts/errors.ts makes of the catalogue', () => {
    expect(page, 'run: node docs/scripts/errors.ts').toBe(errorsPage())
  })

  test.each(Object.entries(catalogue))('%s has a heading, a why and a fix', (code, [why, fix]) => {
    expect(page).toContain(`\n## \`${code}\`\n\n**Why.** ${why}\n\n**Fix.** ${fix}\n`)
  })
})

test('the floors are told in their order', () => {
  const told = [...readPage('packages/core/ARCHITECTURE.md').matchAll(/^\| `(\w+)` /gm)].map(
    ([, name]) => name,
  )
  expect(told).toEqual(floors)
})
