import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { errorsFile, errorsPage } from '../../docs/scripts/errors.ts'
import { catalogue } from '../../packages/core/src/base/errors.ts'
import { floors } from '../floors.js'
import { errorsIn } from './checkExamples.ts'
import { root } from './command.ts'
import { examplesIn, pages, readPage, type Example } from './docExamples.ts'
import type { Manifest } from './packages.ts'

const examples = pages.flatMap((page) => examplesIn(page, readPage(page)))

describe('examples', () => {
  test('every complete example compiles against the sources', () => {
    expect(errorsIn(examples)).toEqual([])
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

  test('and one that does not fit the library would be reported where it stands', () => {
    const text = [
      '# Page',
      '```ts complete',
      "import { days } from '@tidemark/core'",
      "days('two')",
      '```',
    ].join('\n')
    const [example] = examplesIn('docs/guide/wrong.md', text)
    expect(errorsIn([example as Example])).toEqual([
      expect.stringMatching(/^docs\/guide\/wrong\.md:4 .*'string'/),
    ])
  })

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

/** Links to files of this repository; a page of the site may be named without `.md`, and from the site's root. */
function brokenLinks(page: string): string[] {
  const targets = [...readPage(page).matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)].map(
    ([, target = '']) => target,
  )
  return targets.filter((target) => {
    const from = target.startsWith('/') ? 'docs' : path.dirname(page)
    const file = path.join(root, from, target)
    return !['', '.md', 'index.md', '/index.md'].some((end) => existsSync(file + end))
  })
}

test.each(pages)('%s links to files that are there', (page) => {
  expect(brokenLinks(page).filter((target) => !target.startsWith('/api/'))).toEqual([])
})

test('the API has a page for each entry point of the core', () => {
  const folder = path.join(root, 'packages', 'core')
  const read = (file: string) => JSON.parse(readFileSync(path.join(folder, file), 'utf8')) as object
  const { entryPoints } = read('typedoc.json') as { entryPoints: string[] }
  const { exports } = read('package.json') as Manifest
  const sources = Object.values(exports ?? {}).flatMap((entry) =>
    typeof entry === 'string' ? [] : [(entry as Record<string, string>)['@tidemark/source']],
  )
  expect(entryPoints.map((entry) => `./${entry}`).toSorted()).toEqual(sources.toSorted())
})

test('the floors are told in their order', () => {
  const told = [...readPage('packages/core/ARCHITECTURE.md').matchAll(/^\| `(\w+)` /gm)].map(
    ([, name]) => name,
  )
  expect(told).toEqual(floors)
})
