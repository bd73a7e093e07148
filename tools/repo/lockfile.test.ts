import { readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { root } from './command.ts'

const read = (file: string) => readFileSync(path.join(root, file), 'utf8')

test('the lockfile names no registry, so that any will do', () => {
  const lockfile = read('pnpm-lock.yaml')
  expect(lockfile).toContain('lockfileVersion')
  expect(lockfile.match(/tarball:|https?:\/\/.*\.tgz/g)).toBeNull()
})

test('every version comes from the catalog or the workspace', () => {
  const manifest = JSON.parse(read('package.json')) as { devDependencies: Record<string, string> }
  const others = Object.entries(manifest.devDependencies).filter(
    ([, version]) => !/^(catalog:|workspace:)/.test(version),
  )
  expect(others).toEqual([])
})
