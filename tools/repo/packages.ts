import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { root } from './command.ts'

export interface Manifest {
  readonly name: string
  readonly private?: boolean
  readonly scripts?: Readonly<Record<string, string>>
  readonly exports?: Readonly<Record<string, unknown>>
  readonly dependencies?: Readonly<Record<string, string>>
  readonly devDependencies?: Readonly<Record<string, string>>
}

export interface Package {
  readonly folder: string
  readonly manifest: Manifest
}

const read = (folder: string): Package => ({
  folder,
  manifest: JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) as Manifest,
})

/** Every folder of `packages/`, the playground and the stories. */
export const packages: readonly Package[] = [
  ...readdirSync(path.join(root, 'packages')).map((name) => path.join(root, 'packages', name)),
  path.join(root, 'playground'),
  path.join(root, 'stories'),
]
  .filter((folder) => existsSync(path.join(folder, 'package.json')))
  .map(read)

/** The packages that are published, those they stand on first. */
export const published: readonly Package[] = inOrder(packages.filter(({ manifest }) => !manifest.private))

function inOrder(unordered: readonly Package[]): Package[] {
  const ordered: Package[] = []
  const add = (item: Package) => {
    if (ordered.includes(item)) return
    const { dependencies, devDependencies } = item.manifest
    const needs = Object.keys({ ...dependencies, ...devDependencies })
    unordered.filter((other) => needs.includes(other.manifest.name)).forEach(add)
    ordered.push(item)
  }
  unordered.forEach(add)
  return ordered
}
