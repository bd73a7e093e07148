import { fileURLToPath } from 'node:url'
import { run } from '../src/cli/run.js'

export interface Said {
  readonly code: number
  readonly out: string
  readonly note: string
}

/** Runs `tidemark` with arguments, in this directory of tests. */
export async function tidemark(...args: string[]): Promise<Said> {
  let [out, note] = ['', '']
  const code = await run(args, {
    out: (text) => (out += text),
    note: (text) => (note += text),
    directory: fileURLToPath(new URL('.', import.meta.url)),
    environment: {},
  })
  return { code, out, note }
}
