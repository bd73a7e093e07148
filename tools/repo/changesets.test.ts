import { existsSync, globSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { root } from './command.ts'
import { published } from './packages.ts'

const folder = path.join(root, '.changeset')
const changesets = globSync('*.md', { cwd: folder }).map((file) =>
  readFileSync(path.join(folder, file), 'utf8'),
)
const config = JSON.parse(readFileSync(path.join(folder, 'config.json'), 'utf8')) as { fixed: string[][] }
const names = published.map(({ manifest }) => manifest.name)

test.each(published.map((item) => [item.manifest.name, item.folder] as const))(
  '%s was released before, or a changeset tells of its first release',
  (name, home) => {
    const told = changesets.some((text) => text.includes(`'${name}':`))
    expect(told || existsSync(path.join(home, 'CHANGELOG.md'))).toBe(true)
  },
)

test('all packages have one version', () => {
  expect(config.fixed.map((group) => group.toSorted())).toEqual([names.toSorted()])
})
