import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

/** A server in a process of its own, so that its memory is its own. */
export interface Child {
  readonly url: string
  /** Resident memory in MB. */
  memory(): Promise<number>
  /** Has all sockets be told something; only the servers that are compared with know this. */
  broadcast(): void
  stop(): Promise<void>
}

/** What children and their parent say to each other. */
export type FromParent = 'memory' | 'broadcast'
export type FromChild = { readonly port: number } | { readonly memory: number }

/** As the README says the service is run: garbage is collected sooner, so that it does not pile up. */
const flags = ['--max-semi-space-size=4']

/** @param name of a module beside this one, without its ending */
export async function startChild(
  name: string,
  variables: Readonly<Record<string, string>> = {},
): Promise<Child> {
  const file = fileURLToPath(
    new URL(`./${name}${import.meta.url.slice(import.meta.url.lastIndexOf('.'))}`, import.meta.url),
  )
  const child = spawn(process.execPath, [...process.execArgv, ...flags, file], {
    env: { ...process.env, ...variables },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  const { port } = await answer(child, (message) => 'port' in message && message)
  return {
    url: `ws://127.0.0.1:${port}`,
    memory: async () => {
      const answered = answer(child, (message) => 'memory' in message && message)
      child.send('memory' satisfies FromParent)
      return (await answered).memory / 1_048_576
    },
    broadcast: () => child.send('broadcast' satisfies FromParent),
    stop: async () => {
      if (child.exitCode !== null) return
      const ended = once(child, 'exit')
      child.kill('SIGKILL')
      await ended
    },
  }
}

function answer<Wanted>(child: ChildProcess, pick: (message: FromChild) => Wanted | false): Promise<Wanted> {
  return new Promise((resolve, reject) => {
    const settle = () => {
      child.off('message', hear)
      child.off('exit', fail)
    }
    const hear = (message: unknown) => {
      const wanted = pick(message as FromChild)
      if (wanted === false) return
      settle()
      resolve(wanted)
    }
    const fail = () => {
      settle()
      reject(new Error('A server of the load test has ended.'))
    }
    child.on('message', hear)
    child.on('exit', fail)
  })
}
