import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { recentEnough, unreachable } from './toolchain.mjs'

const folder = mkdtempSync(path.join(tmpdir(), 'tidemark scripts '))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test.each([
  ['20.20.2', false],
  ['22.17.9', false],
  ['22.18.0', true],
  ['24.0.0', true],
])('Node %s for >=22.18: %s', (version, enough) => {
  expect(recentEnough(version, '>=22.18')).toBe(enough)
})

test('only output that tells of the network is blamed on the network', () => {
  expect(unreachable('npm error code ENOTFOUND')?.message).toMatch(
    /registry could not be reached \(ENOTFOUND\)/,
  )
  expect(unreachable('ERR_PNPM_OUTDATED_LOCKFILE')).toBeUndefined()
})

test('without a registry the tools cannot come: one sentence that says what to do, and exit 1', () => {
  cpSync(fileURLToPath(new URL('.', import.meta.url)), path.join(folder, 'scripts'), { recursive: true })
  const manifest = { engines: { node: '>=99' }, packageManager: 'pnpm@12.21.0' }
  writeFileSync(path.join(folder, 'package.json'), JSON.stringify(manifest))
  const { status, stderr } = spawnSync(process.execPath, [path.join(folder, 'scripts', 'run.mjs'), 'test'], {
    cwd: folder,
    encoding: 'utf8',
    env: {
      ...process.env,
      npm_config_registry: 'http://127.0.0.1:9/',
      npm_config_cache: path.join(folder, 'cache'),
    },
  })
  expect(stderr.trim()).toMatch(/^The npm registry could not be reached \(\w+\)\. Connect to the network.*$/)
  expect(status).toBe(1)
})
