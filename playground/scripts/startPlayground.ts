import { startDevServer, type DevServer } from '@tidemark/dev-server'
import { createServer, type ViteDevServer } from 'vite'
import { join } from 'node:path'
import { seedDemo } from '../seed/seedDemo.ts'

export interface PlaygroundOptions {
  /** Port of the embedded Supabase; 0: any. */
  readonly apiPort: number
  /** Port of the page; 0: any. */
  readonly pagePort: number
  readonly log: (message: string) => void
}

export interface Playground {
  readonly server: DevServer
  readonly pageUrl: string
  stop(): Promise<void>
}

const root = join(import.meta.dirname, '..')

/** Starts the embedded Supabase with the calendar's tables and the demo data, and serves the page. */
export async function startPlayground({ apiPort, pagePort, log }: PlaygroundOptions): Promise<Playground> {
  const migrations = [join(root, '..', 'packages', 'calendar', 'supabase', 'migrations')]
  const server = await startDevServer({ port: apiPort, database: 'temporary', migrations })
  let page: ViteDevServer | undefined
  try {
    const { events } = await seedDemo((sql, params) => server.sql(sql, params))
    log(`Demo data: ${events} events.`)
    process.env.TIDEMARK_SUPABASE_URL = server.url
    process.env.TIDEMARK_ANON_KEY = server.anonKey
    page = await createServer({
      configFile: join(root, 'vite.config.ts'),
      server: { port: pagePort, strictPort: pagePort !== 0 },
      logLevel: 'warn',
    })
    await page.listen()
  } catch (error) {
    await page?.close()
    await server.stop()
    throw error
  }
  const [pageUrl = ''] = page.resolvedUrls?.local ?? []
  const stop = async (): Promise<void> => {
    await page.close()
    await server.stop()
  }
  return { server, pageUrl, stop }
}
