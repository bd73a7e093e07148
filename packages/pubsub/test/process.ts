import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

const cli = fileURLToPath(new URL('../src/cli.ts', import.meta.url))
const hooks = new URL('../../../scripts/source-hooks.mjs', import.meta.url).href

export interface Running {
  readonly process: ChildProcess
  /** Resolves with the first match in what it prints. */
  printed(pattern: RegExp): Promise<RegExpExecArray>
  /** Sends a signal and resolves with how it ended. */
  end(signal: NodeJS.Signals): Promise<{ code: number | null; signal: string | null }>
  readonly output: () => string
}

/** Runs the command of the package in a process of its own, from its sources. */
export function runCli(parameters: string[], variables: Record<string, string> = {}): Running {
  const node = ['--conditions=@tidemark/source', '--import', hooks, cli, ...parameters]
  const child = spawn(process.execPath, node, { env: { ...process.env, ...variables }, stdio: 'pipe' })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (output += String(data)))
  const exited = once(child, 'exit')
  return {
    process: child,
    output: () => output,
    printed: async (pattern) => {
      const until = Date.now() + 60_000
      for (;;) {
        const found = pattern.exec(output)
        if (found !== null) return found
        if (Date.now() > until || child.exitCode !== null)
          throw new Error(`Not printed: ${pattern}\n${output}`)
        await new Promise((resolve) => setTimeout(resolve, 20))
      }
    },
    end: async (signal) => {
      child.kill(signal)
      const [code, by] = await exited
      return { code, signal: by }
    },
  }
}
