import { createClient } from '@supabase/supabase-js'
import { startDevServer, type DevServer } from '@tidemark/dev-server'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { cleo } from '../../src/projects/staff.ts'
import { ada, ben, password } from '../../src/shared/people.ts'
import { stableId } from '../chance.ts'
import { writeUser } from '../writeRows.ts'
import { seedProjects, type ProjectsSeeded } from './seedProjects.ts'

let server: DevServer
let seeded: ProjectsSeeded
const users = { ada: stableId('user/ada'), ben: stableId('user/ben') }
const now = Date.parse('2026-06-17T12:00:00Z')
const run = (sql: string, params?: unknown[]) => server.sql(sql, params)

beforeAll(async () => {
  const migrations = [join(import.meta.dirname, '..', '..', 'api', 'migrations')]
  server = await startDevServer({ port: 0, database: 'temporary', migrations })
  await writeUser(run, users.ada, ada)
  await writeUser(run, users.ben, ben)
  seeded = await seedProjects(run, users, now)
})
afterAll(() => server.stop())

const one = async (sql: string) => (await server.sql<{ is: unknown }>(`select (${sql}) as is`))[0]?.is

test('there are sixty projects with four hundred tasks, in every stage', async () => {
  expect(seeded).toEqual({ projects: 60, tasks: 400 })
  expect(await one('select array_agg(distinct stage order by stage) from app.project')).toEqual([
    'active',
    'done',
    'held',
    'planned',
  ])
  expect(await one('select count(distinct name)::int from app.project')).toBe(60)
})

test('what is done lies before the day, and all of its tasks are done', async () => {
  expect(
    await one(`select count(*)::int from app.project where stage = 'done' and due >= '2026-06-17'`),
  ).toBe(0)
  expect(
    await one(`select count(*)::int from app.project where stage <> 'done' and due < '2026-06-17'`),
  ).toBe(0)
  expect(
    await one(
      `select count(*)::int from app.task t join app.project p on p.id = t.project_id where p.stage = 'done' and not t.done`,
    ),
  ).toBe(0)
})

test('each role has somebody who signs in, and the viewer sees a part', async () => {
  const roles = await server.sql(
    'select email, role from app.employee where user_id is not null order by email',
  )
  expect(roles).toEqual([
    { email: ada.email, role: 'admin' },
    { email: ben.email, role: 'editor' },
    { email: cleo.email, role: 'viewer' },
  ])
  const seen = Number(
    await one(`select count(*) from app.project where '${stableId('user/cleo')}' = any (shared_with)`),
  )
  expect(seen).toBeGreaterThan(25)
  expect(seen).toBeLessThan(60)
  const supabase = createClient(server.url, server.anonKey, {
    auth: { persistSession: false, autoRefreshToken: false },
  })
  const { error } = await supabase.auth.signInWithPassword({ email: cleo.email, password })
  expect(error).toBeNull()
})

test('seeding again changes nothing', async () => {
  const newest = 'select max(updated_at) from app.project'
  const before = await one(newest)
  expect(await seedProjects(run, users)).toEqual(seeded)
  expect(await one(newest)).toEqual(before)
})
