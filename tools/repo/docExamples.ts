import { globSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { root } from './command.ts'

/** A block of code that stands in a page as a whole module: ```` ```ts complete [name.ts] ````. */
export interface Example {
  /** The page, from the repository's root, with `/`. */
  readonly page: string
  /** Where the block begins in the page; counts from 1. */
  readonly line: number
  /** The module's name; the examples of all pages may import it. */
  readonly file: string
  /** As many lines as the block has, so that places in one are places in the other. */
  readonly code: string
}

const folders = ['', 'docs', 'docs/*', 'packages/*']

/** Every page that people read: of the site (the API's are made from docstrings), of the packages and of the repository. */
export const pages: readonly string[] = folders
  .flatMap((folder) => globSync(path.join(folder, '*.md'), { cwd: root }))
  .map((page) => page.replaceAll('\\', '/'))
  .filter((page) => !page.includes('node_modules') && !page.startsWith('docs/api/'))
  .toSorted()

/** The text of a page, with `\n` on every system. */
export const readPage = (page: string): string =>
  readFileSync(path.join(root, page), 'utf8').replaceAll('\r\n', '\n')

const fence = /^```(ts|svelte|vue) complete(?: \[([\w.]+)\])?\n([^]*?)^```$/gm

/** The complete examples of a page. Of a component, its script. */
export function examplesIn(page: string, text: string): Example[] {
  return [...text.matchAll(fence)].map(({ index, 1: language = '', 2: name, 3: code = '' }) => {
    const line = text.slice(0, index).split('\n').length
    const file = name?.endsWith('.ts') ? name : `${page.replace(/\W+/g, '-')}-${line}.ts`
    return { page, line, file, code: language === 'ts' ? code : scriptOf(code) }
  })
}

/** The script of a component, on the lines on which it stood. */
function scriptOf(component: string): string {
  const [whole = '', opening = '', script = ''] =
    /(<script\b[^>]*lang="ts"[^>]*>)([^]*?)<\/script>/.exec(component) ?? []
  const before = component.slice(0, component.indexOf(whole) + opening.length)
  return before.replace(/[^\n]/g, '') + script
}
