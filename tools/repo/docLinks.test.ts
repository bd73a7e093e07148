import { existsSync, statSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { root } from './command.ts'
import { pages, readPage } from './docExamples.ts'

/** Links of a page to this repository: a path, a `#` and a heading, or both. Those into the API are checked when the site is built. */
const linksIn = (text: string): string[] =>
  [...text.replace(/^```[^]*?^```$/gm, '').matchAll(/\]\((?!https?:|\/api\/)([^)\s]+)\)/g)].map(
    ([, link = '']) => link,
  )

/** The headings of a page as they are linked to. */
const anchorsIn = (text: string): string[] =>
  [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .trim()
      .replace(/\s+/g, '-'),
  )

/** The file that a link names; a page of the site may be named without `.md`, and from the site's root. */
function targetOf(page: string, target: string): string | undefined {
  if (target === '') return page
  const folder = target.startsWith('/') ? 'docs' : path.dirname(page)
  const file = path.posix.join(folder, target)
  return ['', '.md', '/index.md'].map((end) => file + end).find((name) => existsSync(path.join(root, name)))
}

function isBroken(page: string, link: string): boolean {
  const [target = '', anchor] = link.split('#')
  const file = targetOf(page, target)
  if (file === undefined) return true
  if (anchor === undefined || statSync(path.join(root, file)).isDirectory()) return false
  return !anchorsIn(readPage(file)).includes(anchor)
}

const brokenIn = (page: string, text: string): string[] =>
  linksIn(text).filter((link) => isBroken(page, link))

test.each(pages)('%s links to what is there', (page) => {
  expect(brokenIn(page, readPage(page))).toEqual([])
})

test('and a link to a page or a heading that is not there would be reported', () => {
  const text = '[a](./nowhere) [b](./tables) [c](./tables#nothing) [d](./tables#conflicts) [e](#nothing)'
  expect(brokenIn('docs/guide/queries.md', text)).toEqual(['./nowhere', './tables#nothing', '#nothing'])
})
