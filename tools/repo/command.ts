import { spawn } from 'node:child_process'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('../..', import.meta.url))

export interface Outcome {
  readonly status: number
  /** What the command wrote to both of its outputs. */
  readonly text: string
}

/**
 * Runs a JavaScript tool that the root package depends on, at the repository's root.
 * @param script its file under the root's `node_modules`
 * @returns its exit status and all it said; it never rejects for a status
 */
export function tool(script: string, args: readonly string[], cwd: string = root): Promise<Outcome> {
  return nodeScript(path.join(root, 'node_modules', script), args, cwd)
}

/** Runs a script by the Node of this process, without colours. */
export function nodeScript(script: string, args: readonly string[], cwd: string): Promise<Outcome> {
  const child = spawn(process.execPath, [script, ...args], {
    cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: '0' },
  })
  let text = ''
  const keep = (chunk: Buffer) => {
    text += chunk.toString()
  }
  child.stdout.on('data', keep)
  child.stderr.on('data', keep)
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (status) => resolve({ status: status ?? 1, text }))
  })
}
