import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'

export interface NatsServer {
  readonly url: string
  readonly port: number
  kill(): Promise<void>
}

/** Where the program is; undefined where it is not and cannot be installed from the system's packages. */
export function findNats(): string | undefined {
  if (runs('nats-server', ['--version'])) return 'nats-server'
  const mayInstall = process.platform === 'linux' && process.getuid?.() === 0
  if (!mayInstall || !runs('apt-get', ['install', '-y', 'nats-server'])) return undefined
  return runs('nats-server', ['--version']) ? 'nats-server' : undefined
}

/** @param port -1 lets the system choose */
export async function startNats(program: string, port = -1, more: string[] = []): Promise<NatsServer> {
  const child = spawn(program, ['-a', '127.0.0.1', '-p', String(port), ...more], { stdio: 'pipe' })
  const chosen = await portOf(child)
  return {
    url: `nats://127.0.0.1:${chosen}`,
    port: chosen,
    kill: async () => {
      child.kill('SIGKILL')
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
    },
  }
}

function runs(program: string, parameters: string[]): boolean {
  try {
    execFileSync(program, parameters, { stdio: 'ignore', timeout: 120_000 })
    return true
  } catch {
    return false // Not there, or refused: the caller says so.
  }
}

function portOf(child: ChildProcess): Promise<number> {
  let output = ''
  return new Promise((resolve, reject) => {
    child.stderr?.on('data', (data) => {
      output += String(data)
      const found = /client connections on 127\.0\.0\.1:(\d+)[\s\S]*Server is ready/.exec(output)
      if (found !== null) resolve(Number(found[1]))
    })
    child.on('error', reject)
    child.on('exit', () => reject(new Error(output)))
  })
}
