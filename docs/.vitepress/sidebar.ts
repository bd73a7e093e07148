import { existsSync, globSync, readFileSync } from 'node:fs'
import path from 'node:path'
import type { DefaultTheme } from 'vitepress'

const docs = path.join(import.meta.dirname, '..')

/**
 * A section of the sidebar with all pages of a folder: its index first, the others by name.
 *
 * @param folder below `docs`; when it is not there, there is no section
 * @param label what a page is called, by its path in the folder; left out: its first heading
 */
export function section(
  text: string,
  folder: string,
  label = (page: string) => headingOf(path.join(docs, folder, page)),
): DefaultTheme.SidebarItem[] {
  if (!existsSync(path.join(docs, folder))) return []
  const pages = globSync('**/*.md', { cwd: path.join(docs, folder) }).map((page) =>
    page.replaceAll('\\', '/'),
  )
  const items = pages.toSorted(indexFirst).map((page) => ({
    text: label(page),
    link: `/${folder}/${page.replace(/\.md$/, '').replace(/(^|\/)index$/, '$1')}`,
  }))
  return [{ text, collapsed: true, items }]
}

/** What a page of the API is called: as it is imported. TypeDoc lists the entry points of a package on a page of its own. */
export function apiLabel(page: string): string {
  if (page === 'index.md') return 'All packages'
  const name = page.replace(/\.md$/, '')
  return name.endsWith('/index')
    ? `${path.posix.dirname(name)}: entry points`
    : name.replace(/\/index-1$/, '')
}

const indexFirst = (a: string, b: string): number =>
  Number(b === 'index.md') - Number(a === 'index.md') || (a < b ? -1 : 1)

const headingOf = (file: string): string =>
  /^# (.+)$/m.exec(readFileSync(file, 'utf8'))?.[1]?.replaceAll('\\', '') ?? path.basename(file, '.md')
