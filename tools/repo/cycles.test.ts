import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { floors } from '../floors.js'
import { root } from './command.ts'
import { cyclesIn, importGraph } from './importGraph.ts'
import { packages } from './packages.ts'

const sources = packages
  .map(({ folder, manifest }) => [manifest.name, path.join(folder, 'src')] as const)
  .filter(([, folder]) => existsSync(folder))

describe('no imports go in a circle, by value or by type', () => {
  test.each(sources)('in %s', (_, folder) => {
    const cycles = cyclesIn(importGraph(folder)).map((cycle) => cycle.join(' → '))
    expect(cycles).toEqual([])
  })

  const folder = mkdtempSync(path.join(tmpdir(), 'tidemark-cycles-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  test('and one of types would be reported', () => {
    mkdirSync(path.join(folder, 'b'))
    writeFileSync(path.join(folder, 'a.ts'), `import type { B } from './b/b.js'\nexport type A = B`)
    writeFileSync(path.join(folder, 'b', 'b.ts'), `export type B = import('../a.js').A`)
    expect(cyclesIn(importGraph(folder))).toEqual([['a.ts', 'b/b.ts', 'a.ts']])
  })
})

test('every folder of the core is a floor, and every floor a folder', () => {
  const entries = readdirSync(path.join(root, 'packages', 'core', 'src'), { withFileTypes: true })
  const folders = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name)
  expect(folders.toSorted()).toEqual(floors.toSorted())
})
