import { storyNameFromExport, toId } from 'storybook/internal/csf'

/** A story as its file declares it. */
export interface StoryEntry {
  readonly id: string
  readonly name: string
  readonly pictured: boolean
  /** Which frameworks draw it. */
  readonly twins: boolean
}

export interface StoryFile {
  readonly title: string
  readonly all: readonly StoryEntry[]
}

/** The stories of a file, read from its source. */
export function storiesOf(source: string): StoryFile {
  const title = /title: '([^']+)'/u.exec(source)?.[1] ?? ''
  const parts = source.split(/^export const /mu).slice(1)
  const all = parts.map((part) => {
    const exported = /^\w+/u.exec(part)?.[0] ?? ''
    const name = storyNameFromExport(exported)
    // The pictures' names are made safe for every file system: one hyphen in a row.
    const id = toId(title, name).replace(/-+/gu, '-')
    return { id, name, pictured: !part.includes('snapshot: false'), twins: part.includes('story({') }
  })
  return { title, all }
}

/** The page of the docs that tells of every component and scenario who draws it. */
export const parityPage = (files: readonly StoryFile[]): string =>
  `# Parity of Svelte and Vue

Made by a test from the stories. A story that both frameworks draw is one scenario on the real core, run in each, with the same steps,
and held to the same pictures.

${table(files).join('\n')}
`

const table = (files: readonly StoryFile[]): string[] => [
  '| component | story | Svelte | Vue | pictures |',
  '| --- | --- | --- | --- | --- |',
  ...files.flatMap(({ title, all }) =>
    all.map(({ name, twins, pictured }) => {
      const by = twins ? 'yes' : 'needs none'
      return `| ${title} | ${name} | ${by} | ${by} | ${pictured ? 'light, dark' : 'none'} |`
    }),
  ),
]
