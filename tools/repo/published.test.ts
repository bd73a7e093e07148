import { readFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { nodeScript, root, tool, type Outcome } from './command.ts'
import { published, type Manifest } from './packages.ts'

interface Size {
  readonly name: string
  readonly passed: boolean
  /** Bytes, gzipped. */
  readonly size: number
}

const limits = JSON.parse(readFileSync(path.join(root, '.size-limit.json'), 'utf8')) as { name: string }[]
const folders = published.map(({ manifest, folder }) => [manifest.name, folder, manifest] as const)

/** As the package's own script builds it, without a shell. */
function build(folder: string, script: string): Promise<Outcome> {
  const [command = '', ...args] = script.split(' ')
  if (command === 'tsc') return tool('typescript/bin/tsc', args, folder)
  expect(command, `what builds ${folder}`).toBe('node')
  return nodeScript(path.join(folder, args[0] ?? ''), args.slice(1), folder)
}

/** Style sheets have no types, and Node cannot load `.svelte` files: those are for bundlers, which Svelte's own check speaks for. */
const forBundlers = ['./tokens.css', './components.css', './svelte']
const excluded = (manifest: Manifest): string[] => {
  if (manifest.name !== '@tidemark/calendar') return []
  expect(Object.keys(manifest.exports ?? {})).toEqual(expect.arrayContaining(forBundlers))
  return ['--exclude-entrypoints', ...forBundlers.map((entry) => entry.slice(2))]
}

/** From nothing, and in order: a package is built against the declarations of those it stands on. */
beforeAll(async () => {
  for (const { folder } of published) rmSync(path.join(folder, 'dist'), { recursive: true, force: true })
  for (const { folder, manifest } of published) {
    const { status, text } = await build(folder, manifest.scripts?.build ?? '')
    expect(status, text).toBe(0)
  }
}, 300_000)

describe('entry points stay small', () => {
  let sizes: Size[] = []

  beforeAll(async () => {
    const { text } = await tool('size-limit/bin.js', ['--json'])
    sizes = JSON.parse(text) as Size[]
  }, 120_000)

  test.each(limits.map(({ name }) => name))('%s', (name) => {
    const entry = sizes.find((size) => size.name === name)
    expect(entry?.size, `${name} is measured`).toBeGreaterThan(100)
    expect(entry?.passed, `${name} is ${entry?.size} bytes gzipped; see .size-limit.json`).toBe(true)
  })
})

describe('what is published can be used', () => {
  test.each(folders)('%s: its files and exports agree (publint)', async (_, folder) => {
    const { status, text } = await tool('publint/src/cli.js', ['--strict', '--pack', 'npm', folder])
    expect(status, text).toBe(0)
  })

  test.each(folders)('%s: its types resolve (attw)', async (_, folder, manifest) => {
    const args = ['--pack', folder, '--profile', 'esm-only', '--no-color', ...excluded(manifest)]
    const { status, text } = await tool('@arethetypeswrong/cli/dist/index.js', args)
    expect(status, text).toBe(0)
  })
})
