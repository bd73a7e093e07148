import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'

const folder = mkdtempSync(path.join(tmpdir(), 'tidemark hooks '))
const hooks = new URL('source-hooks.mjs', import.meta.url).href

const files = {
  'package.json': '{ "type": "module" }',
  'main.ts': `import { word } from './lib/word.js'\nimport { both } from './both.js'\nconsole.log(word as string, both)`,
  'lib/word.ts': `export type Word = string\nexport const word: Word = 'typed'`,
  'both.js': `export const both = 'javascript'`,
  'both.ts': `export const both = 'typescript'`,
  'missing.ts': `import './nowhere.js'`,
  'packaged.ts': `import { where } from 'neighbour'\nconsole.log(where)`,
  'node_modules/neighbour/package.json': JSON.stringify({
    name: 'neighbour',
    type: 'module',
    exports: { '@tidemark/source': './source.js', default: './built.js' },
  }),
  'node_modules/neighbour/source.js': `export const where = 'source'`,
  'node_modules/neighbour/built.js': `export const where = 'built'`,
}

beforeAll(() => {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true })
    writeFileSync(path.join(folder, name), text)
  }
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const start = (name: string) => {
  const args = ['--conditions=@tidemark/source', '--import', hooks, path.join(folder, name)]
  return spawnSync(process.execPath, args, { encoding: 'utf8' })
}

test('a .js import finds the .ts beside it, and a real .js comes first', () => {
  expect(start('main.ts').stdout).toBe('typed javascript\n')
})

test('packages of the workspace resolve to their sources', () => {
  expect(start('packaged.ts').stdout).toBe('source\n')
})

test('a file that is missing is named as it was written', () => {
  const { status, stderr } = start('missing.ts')
  expect(stderr).toMatch(/Cannot find module .*nowhere\.js/)
  expect(status).toBe(1)
})
