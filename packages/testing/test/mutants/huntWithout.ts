import { execFile } from 'node:child_process'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Guard } from './guards.js'

const root = path.resolve(import.meta.dirname, '../../../..')

/** Runs seeds on the core without a guard; resolves with what was found wrong, or with `survived`. */
export function huntWithout(guard: Guard, seeds: number): Promise<string> {
  const hooks = [path.join(root, 'scripts/source-hooks.mjs'), path.join(import.meta.dirname, 'hooks.mjs')]
  const args = [
    '--conditions=@tidemark/source',
    ...hooks.map((file) => `--import=${pathToFileURL(file).href}`),
    path.join(import.meta.dirname, 'hunt.mjs'),
    '1',
    String(seeds),
  ]
  const env = { ...process.env, TIDEMARK_GUARD: JSON.stringify(guard) }
  return new Promise((resolve, reject) => {
    execFile(process.execPath, args, { env, timeout: 280_000 }, (error, stdout, stderr) => {
      if (error) reject(new Error(`${stdout}${stderr}`, { cause: error }))
      else resolve(stdout.trim())
    })
  })
}
