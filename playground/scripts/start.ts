import { ada, ben, password } from '../src/shared/people.ts'
import { startPlayground } from './startPlayground.ts'

/** `npm start`: the playground on this machine, until Ctrl-C. */
const say = (message: string): void => void process.stdout.write(`${message}\n`)

try {
  say('Starting the embedded Supabase and the playground …')
  const playground = await startPlayground({ apiPort: 54_321, pagePort: 5_173, log: say })
  say(`
  Playground   ${playground.pageUrl}
  Supabase     ${playground.server.url}
  Anon key     ${playground.server.anonKey}
  Sign-ins     ${ada.email} and ${ben.email}, password ${password}

  Ctrl-C stops both.`)
  let stopping = false
  const stop = async (): Promise<void> => {
    if (stopping) return
    stopping = true
    say('Stopping …')
    await playground.stop()
    process.exit(0)
  }
  process.on('SIGINT', () => void stop())
  process.on('SIGTERM', () => void stop())
} catch (error) {
  process.stderr.write(`${explain(error)}\n`)
  process.exit(1)
}

function explain(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error)
  if (/Port 5173 is (already )?in use/.test(message))
    return 'Port 5173 is taken, so the playground cannot be served. Stop the program that uses it, then run npm start again.'
  return `The playground could not start: ${message}`
}
