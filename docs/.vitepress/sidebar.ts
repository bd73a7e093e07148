import { existsSync, globSync, readFileSync } from 'node:fs'
import path from 'node:path'
import type { DefaultTheme } from 'vitepress'

const docs = path.join(import.meta.dirname, '..')

/**
 * A section of the sidebar with all pages of a folder, each by its first heading: its index first, the others by name.
 *
 * @param folder below `docs`; when it is not there, there is no section
 */
export function section(text: string, folder: string): DefaultTheme.SidebarItem[] {
  if (!existsSync(path.join(docs, folder))) return []
  const pages = globSync('**/*.md', { cwd: path.join(docs, folder) }).map((page) =>
    page.replaceAll('\\', '/'),
  )
  const items = pages.toSorted(indexFirst).map((page) => ({
    text: headingOf(path.join(docs, folder, page)),
    link: `/${folder}/${page.replace(/(index)?\.md$/, '')}`,
  }))
  return [{ text, collapsed: true, items }]
}

const indexFirst = (a: string, b: string): number =>
  Number(b === 'index.md') - Number(a === 'index.md') || (a < b ? -1 : 1)

const headingOf = (file: string): string =>
  /^# (.+)$/m.exec(readFileSync(file, 'utf8'))?.[1]?.replaceAll('\\', '') ?? path.basename(file, '.md')
