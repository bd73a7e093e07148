import { ada, ben, password } from '../src/shared/people.ts'
import { cleo } from '../src/projects/staff.ts'
import { startPlayground } from './startPlayground.ts'

/** `npm start`: the playground on this machine, until Ctrl-C. */
const say = (message: string): void => void process.stdout.write(`${message}\n`)

try {
  say('Starting the embedded Supabase, the Entity API, the PubSub service and the playground …')
  const playground = await startPlayground({
    apiPort: 54_321,
    pagePort: 5_173,
    entityPort: 4_000,
    pubsubPort: 4_001,
    log: say,
  })
  say(`
  Playground   ${playground.pageUrl}
  Projects     ${playground.pageUrl}projects.html
  Supabase     ${playground.server.url}
  Entity API   ${playground.entityUrl}/docs
  PubSub       ${playground.pubsubUrl}
  Anon key     ${playground.server.anonKey}
  Sign-ins     ${ada.email}, ${ben.email} and ${cleo.email}, password ${password}

  Ctrl-C stops all of them.`)
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
  const reason = error instanceof Error ? error.message : String(error)
  process.stderr.write(`The playground could not start: ${reason}\n`)
  process.exit(1)
}
