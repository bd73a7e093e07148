import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { nodeScript, root, tool, type Outcome } from './command.ts'
import { packages } from './packages.ts'

/** The checkers that `check` scripts name, and the file of each in the package's or the root's `node_modules`. */
const checkers: Record<string, string> = {
  tsc: 'typescript/bin/tsc',
  'vue-tsc': 'vue-tsc/bin/vue-tsc.js',
  'svelte-check': 'svelte-check/bin/svelte-check',
}

/** Runs each command of a `check` script without a package manager, which would cost a shell and a second each. */
async function check(folder: string, script: string): Promise<Outcome> {
  let text = ''
  for (const command of script.split('&&')) {
    const [name = '', ...args] = command.trim().split(/\s+/)
    const file = checkers[name]
    if (file === undefined) throw new Error(`tools/repo/types.test.ts does not know the checker '${name}'.`)
    const outcome = await nodeScript(path.join(folder, 'node_modules', file), args, folder)
    text += outcome.text
    if (outcome.status !== 0) return { status: outcome.status, text }
  }
  return { status: 0, text }
}

describe('types hold', () => {
  test.each(packages.map((item) => [item.manifest.name, item] as const))('in %s', async (_, item) => {
    const script = item.manifest.scripts?.check
    expect(script, `${item.manifest.name} has a script named check`).toBeTypeOf('string')
    const { status, text } = await check(item.folder, script ?? '')
    expect(status, text).toBe(0)
  })

  test('in the tools at the root', async () => {
    const { status, text } = await tool('typescript/bin/tsc', ['-p', path.join(root, 'tsconfig.json')])
    expect(status, text).toBe(0)
  })

  test('and a wrong type would be reported', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'tidemark-types-'))
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
    const file = path.join(folder, 'wrong.ts')
    writeFileSync(file, "export const wrong: number = 'text'")
    const { status, text } = await tool('typescript/bin/tsc', [
      '--noEmit',
      '--ignoreConfig',
      '--strict',
      file,
    ])
    expect(text).toContain('TS2322')
    expect(status).not.toBe(0)
  })
})
