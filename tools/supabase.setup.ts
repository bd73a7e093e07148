import { fileURLToPath } from 'node:url'
import type { TestProject } from 'vitest/node'
import { startDevServer } from '../packages/dev-server/src/startDevServer.ts'

const migrations = fileURLToPath(new URL('../packages/calendar/supabase/migrations', import.meta.url))

/**
 * One embedded Supabase with the calendar's migrations for all browser tests of a run.
 * A test takes its address by `inject('supabase')`, and signs up its own users, so that tests do not meet.
 * @returns what stops it
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await startDevServer({
    port: 0,
    database: 'temporary',
    migrations: [migrations],
  })
  project.provide('supabase', {
    url: server.url,
    anonKey: server.anonKey,
    serviceRoleKey: server.serviceRoleKey,
    databaseUrl: server.databaseUrl,
  })
  return () => server.stop()
}
