import { calendarSchema } from '@tidemark/calendar'
import { startDevServer, type DevServer } from '@tidemark/dev-server'
import { migrationFor } from '@tidemark/postgres'
import { createServer, type ViteDevServer } from 'vite'
import { join } from 'node:path'
import { seedProjects } from '../seed/projects/seedProjects.ts'
import { seedDemo } from '../seed/seedDemo.ts'
import { requireFreePorts } from './freePorts.ts'
import { startEntityApi, startPubsubService } from './startServices.ts'

/** The ports of the parts; 0: any. */
export interface PlaygroundOptions {
  /** Of the embedded Supabase. */
  readonly apiPort: number
  /** Of the page. */
  readonly pagePort: number
  /** Of the Entity API. */
  readonly entityPort?: number
  /** Of the PubSub service. */
  readonly pubsubPort?: number
  readonly log: (message: string) => void
}

export interface Playground {
  readonly server: DevServer
  readonly pageUrl: string
  readonly entityUrl: string
  readonly pubsubUrl: string
  stop(): Promise<void>
}

const root = join(import.meta.dirname, '..')
const packages = join(root, '..', 'packages')
const migrations = [
  join(packages, 'calendar', 'supabase', 'migrations'),
  join(packages, 'pubsub', 'sql'),
  join(root, 'api', 'migrations'),
  join(root, 'api', 'feeds'),
]

/**
 * Starts the embedded Supabase with the tables of both pages and the demo data, the Entity API and the PubSub service beside it,
 * and serves the pages. When one of them cannot start, none is left running.
 *
 * @throws Error with a sentence about a port that is taken
 */
export async function startPlayground(options: PlaygroundOptions): Promise<Playground> {
  const { apiPort, pagePort, entityPort = 0, pubsubPort = 0, log } = options
  await requireFreePorts([
    { port: apiPort, by: 'the embedded Supabase' },
    { port: pagePort, by: 'the page' },
    { port: entityPort, by: 'the Entity API' },
    { port: pubsubPort, by: 'the PubSub service' },
  ])
  const running: { stop(): Promise<void> }[] = []
  const started = <Part extends { stop(): Promise<void> }>(part: Part): Part => {
    running.unshift(part)
    return part
  }
  const stop = async (): Promise<void> => {
    for (const part of running.splice(0)) await part.stop()
  }
  try {
    const server = started(await startDevServer({ port: apiPort, database: 'temporary', migrations }))
    // What `tidemark sql` prints: the calendar is synchronised in exact mode.
    await server.sql(migrationFor(calendarSchema.tables))
    await seed(server, log)
    const entities = started(await startEntityApi(server, entityPort, log))
    const pubsub = started(await startPubsubService(server, pubsubPort))
    const { anonKey, url } = server
    const page = started(
      await servePage(pagePort, { url, anonKey, entities: entities.url, pubsub: pubsub.url }),
    )
    return { server, pageUrl: page.url, entityUrl: entities.url, pubsubUrl: pubsub.url, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

async function seed(server: DevServer, log: (message: string) => void): Promise<void> {
  const run = (sql: string, params?: unknown[]) => server.sql(sql, params)
  const { events, users } = await seedDemo(run)
  const { projects, tasks } = await seedProjects(run, users)
  log(`Demo data: ${events} events; ${projects} projects with ${tasks} tasks.`)
}

/** What a page must know of the servers. */
interface Servers {
  readonly url: string
  readonly anonKey: string
  readonly entities: string
  readonly pubsub: string
}

async function servePage(port: number, servers: Servers): Promise<{ url: string; stop(): Promise<void> }> {
  process.env.TIDEMARK_SUPABASE_URL = servers.url
  process.env.TIDEMARK_ANON_KEY = servers.anonKey
  process.env.TIDEMARK_ENTITY_URL = servers.entities
  process.env.TIDEMARK_PUBSUB_URL = servers.pubsub
  const page: ViteDevServer = await createServer({
    configFile: join(root, 'vite.config.ts'),
    server: { port, strictPort: port !== 0 },
    logLevel: 'warn',
  })
  const stop = (): Promise<void> => page.close()
  try {
    await page.listen()
  } catch (error) {
    await stop()
    throw error
  }
  const [url = ''] = page.resolvedUrls?.local ?? []
  return { url, stop }
}
