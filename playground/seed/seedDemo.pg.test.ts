import { createClient } from '@supabase/supabase-js'
import { startDevServer, type DevServer } from '@tidemark/dev-server'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ada, password } from '../src/shared/people.ts'
import { seedDemo, type SeedResult } from './seedDemo.ts'

let server: DevServer
let seeded: SeedResult
const now = new Date('2026-06-17T12:00:00Z')
const told: string[] = []
const run = (sql: string, params?: unknown[]) => server.sql(sql, params)

beforeAll(async () => {
  const migrations = join(import.meta.dirname, '..', '..', 'packages', 'calendar', 'supabase', 'migrations')
  server = await startDevServer({ port: 0, database: 'temporary', migrations: [migrations] })
  seeded = await seedDemo(run, {
    now,
    onProgress: (done, total, what) => told.push(`${what} ${done}/${total}`),
  })
})
afterAll(() => server.stop())

const count = async (from: string): Promise<number> =>
  Number((await server.sql<{ count: string }>(`select count(*) from ${from}`))[0]?.count)

test('there are public holidays of at least twelve countries for three years, a calendar each', async () => {
  const years = await server.sql<{ name: string; years: number }>(
    `select c.name, count(distinct extract(year from e.start_time at time zone 'UTC'))::int as years
     from user_calendars c join event_details_personal d on d.calendar_id = c.id join events e on e.id = d.event_id
     where c.name like 'Holidays in %' and c.user_id = $1 and e.all_day group by c.id`,
    [seeded.users.ada],
  )
  expect(years.length).toBeGreaterThanOrEqual(12)
  expect(years.filter((country) => country.years !== 3)).toEqual([])
})

test('real holidays lie on their day', async () => {
  const [found] = await server.sql(
    `select to_char(start_time at time zone 'UTC', 'YYYY-MM-DD HH24:MI') as day, duration, all_day from events
     where title = 'Karfreitag' and start_time > '2026-01-01' and start_time < '2026-12-31'`,
  )
  expect(found).toEqual({ day: '2026-04-03 00:00', duration: 1440, all_day: true })
})

test('the year of work lies around the day, half before and half after', async () => {
  const standUps = `events where title = 'Stand-up' and start_time`
  expect(await count(`${standUps} < '2026-06-15'`)).toBe(26 * 5)
  expect(await count(`${standUps} >= '2026-06-15'`)).toBe(26 * 5)
})

test('a stand-up keeps its hour on the wall when clocks change', async () => {
  const hours = await server.sql(
    `select distinct to_char(start_time at time zone 'Europe/Berlin', 'HH24:MI') as hour,
       extract(hour from start_time at time zone 'UTC')::int as utc from events where title = 'Stand-up' order by utc`,
  )
  expect(hours).toEqual([
    { hour: '15:00', utc: 13 },
    { hour: '15:00', utc: 14 },
  ])
})

test('a night on which clocks change is as long as it is', async () => {
  const nights = await server.sql(
    `select title, duration from events where title like 'Maintenance%' group by 1, 2 order by 1`,
  )
  expect(nights).toEqual([
    { title: 'Maintenance: clocks go back', duration: 240 },
    { title: 'Maintenance: clocks go forward', duration: 120 },
  ])
})

test.each([
  ['event_user_roles', 'rsvp', ['accepted', 'declined', 'tentative', null]],
  ['event_user_roles', 'role', ['viewer', 'contributor', 'owner', 'delegate_full']],
  ['event_user_roles', 'following', [false, true]],
  ['event_details_personal', 'show_time_as', ['free', 'tentative', 'busy', 'oof', 'working_elsewhere']],
  ['event_details_personal', 'time_defense_level', ['flexible', 'normal', 'high', 'hard_block']],
  ['event_details_personal', 'ai_managed', [false, true]],
  ['user_calendars', 'type', ['default', 'user', 'archive']],
])('%s shows every kind of %s', async (table, column, kinds) => {
  const rows = await server.sql<{ kind: unknown }>(`select distinct ${column} as kind from ${table}`)
  expect(new Set(rows.map(({ kind }) => kind))).toEqual(new Set<unknown>(kinds))
})

test('there are archived events, events that cross midnight, and work periods from Monday to Friday', async () => {
  const archived = `event_details_personal d join user_calendars c on c.id = d.calendar_id where c.type = 'archive'`
  expect(await count(archived)).toBeGreaterThan(0)
  const crossing = `events where title like 'Flight New York%'
    and (start_time at time zone 'Europe/Berlin')::date < ((start_time + duration * interval '1 min') at time zone 'Europe/Berlin')::date`
  expect(await count(crossing)).toBeGreaterThan(0)
  expect(await count('user_work_periods where weekday between 1 and 5')).toBe(10)
})

test('its progress is told, and seeding again changes nothing', async () => {
  expect(told.at(-1)).toBe(`events ${String(seeded.events)}/${String(seeded.events)}`)
  const newest = `select max(updated_at) as newest from events`
  const before = await server.sql(newest)
  expect(await seedDemo(run, { now: new Date('2031-01-01') })).toEqual(seeded)
  expect(await server.sql(newest)).toEqual(before)
})

test('a demo user signs in with the password and sees what is shared', async () => {
  const supabase = createClient(server.url, server.anonKey, {
    auth: { persistSession: false, autoRefreshToken: false },
  })
  const { data, error } = await supabase.auth.signInWithPassword({ email: ada.email, password })
  expect(error).toBeNull()
  expect(data.user?.id).toBe(seeded.users.ada)
  const reviews = await supabase.from('events').select('owner_id').like('title', '%review').limit(1)
  expect(reviews.data).toEqual([{ owner_id: seeded.users.ben }])
})

test('a run that fails takes back what it wrote', async () => {
  const fresh = await startDevServer({
    port: 0,
    database: 'temporary',
    migrations: [join(import.meta.dirname, '..', '..', 'packages', 'calendar', 'supabase', 'migrations')],
  })
  try {
    await fresh.sql(`alter table event_user_roles add check (role <> 'delegate_full')`)
    await expect(seedDemo((sql, params) => fresh.sql(sql, params), { now })).rejects.toMatchObject({
      code: '23514',
    })
    expect(await fresh.sql('select from auth.users')).toEqual([])
    expect(await fresh.sql('select from events')).toEqual([])
  } finally {
    await fresh.stop()
  }
})
