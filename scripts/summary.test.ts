import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { summaryOf } from './summary.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const folders: string[] = []
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })))

/** Runs the real Vitest on these test files, and returns its line. */
const summaryOfRun = (files: Record<string, string>) => {
  // Inside node_modules of the repository, so that the tests find vitest and nothing else finds the tests.
  const folder = mkdtempSync(path.join(root, 'node_modules', '.summary-'))
  folders.push(folder)
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(folder, name), text)
  writeFileSync(path.join(folder, 'vitest.config.js'), `export default { test: { exclude: [] } }`)
  const report = path.join(folder, 'report.json')
  const args = ['run', '--root', folder, '--config', path.join(folder, 'vitest.config.js'), '--reporter=json']
  const vitest = path.join(root, 'node_modules', 'vitest', 'vitest.mjs')
  const { status } = spawnSync(process.execPath, [vitest, ...args, `--outputFile=${report}`], { cwd: folder })
  return summaryOf(existsSync(report) ? readFileSync(report, 'utf8') : undefined, status ?? 1)
}

const passing = `import { test } from 'vitest'\ntest('a', () => {})\ntest('b', () => {})`

test('a run that is all green', () => {
  expect(summaryOfRun({ 'green.test.js': passing })).toBe('2 passed, 0 failed')
})

test('failed tests and a file that does not load are counted', () => {
  const files = {
    'green.test.js': passing,
    'red.test.js': `import { test } from 'vitest'\ntest('c', () => { throw new Error('no') })`,
    'broken.test.js': `import './nowhere.js'`,
  }
  expect(summaryOfRun(files)).toBe('2 passed, 2 failed')
})

test('an error outside the tests makes a failure', () => {
  const stray = `import { test } from 'vitest'\ntest('d', async () => { void Promise.reject(new Error('stray')); await new Promise((r) => setTimeout(r, 50)) })`
  expect(summaryOfRun({ 'stray.test.js': stray })).toMatch(/^\d passed, 1 failed$/)
})

test('a run that wrote no report is a failure', () => {
  expect(summaryOf(undefined, 1)).toBe('0 passed, 1 failed')
})
