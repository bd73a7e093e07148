import { calendarSchema } from '../src/tables/schema.js'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { checkFails, startCalendarDatabase, type CalendarDatabase } from './calendarDatabase.js'

let database: CalendarDatabase
let ada: string

beforeAll(async () => {
  database = await startCalendarDatabase()
  ada = await database.signUp('ada@tidemark.dev', { full_name: 'Ada Lovelace', timezone: 'Europe/London' })
})
afterAll(() => database.stop())

const tables = Object.values(calendarSchema.tables)

describe('A1: the tables', () => {
  test.each(tables.map((table) => [table.name, table] as const))(
    '%s has every column that its declaration names, and its key',
    async (name, table) => {
      const columns = await database.sql<{ column_name: string; is_generated: string }>(
        `select column_name, is_generated from information_schema.columns where table_schema = 'public' and table_name = $1`,
        [name],
      )
      expect(columns.map((column) => column.column_name)).toEqual(
        expect.arrayContaining(Object.keys(table.row._zod.def.shape)),
      )
      const generated = columns.filter((column) => column.is_generated === 'ALWAYS')
      expect(generated.map((column) => column.column_name)).toEqual(
        expect.arrayContaining([...table.generated]),
      )
      const [key] = await database.sql<{ columns: string[] }>(
        `select array_agg(attname::text order by array_position(indkey::int2[], attnum)) as columns from pg_index
         join pg_attribute on attrelid = indrelid and attnum = any(indkey)
         where indisprimary and indrelid = $1::regclass`,
        [`public.${name}`],
      )
      expect(key?.columns).toEqual([...table.key])
    },
  )

  test.each(tables.map((table) => table.name))('%s has row-level security and is published', async (name) => {
    const [found] = await database.sql(
      `select relrowsecurity as secured, exists (
         select from pg_publication_tables where pubname = 'supabase_realtime' and tablename = relname
       ) as published from pg_class where oid = $1::regclass`,
      [`public.${name}`],
    )
    expect(found).toEqual({ secured: true, published: true })
  })

  test('every function fixes its search path', async () => {
    const loose = await database.sql(
      `select proname from pg_proc
       where pronamespace in ('calendar_private'::regnamespace, 'public'::regnamespace)
         and not coalesce('search_path=""' = any(proconfig), false)`,
    )
    expect(loose).toEqual([])
  })
})

describe('a new user', () => {
  test('finds a profile that says what the sign-up said', async () => {
    expect(await database.as(ada, 'select * from user_profiles')).toMatchObject([
      { id: ada, email: 'ada@tidemark.dev', display_name: 'Ada Lovelace', timezone: 'Europe/London' },
    ])
  })

  test('finds one default calendar, category and persona', async () => {
    expect(await database.as(ada, 'select type, is_default from user_calendars')).toEqual([
      { type: 'default', is_default: true },
    ])
    expect(await database.as(ada, 'select is_default from user_categories')).toEqual([{ is_default: true }])
    expect(await database.as(ada, 'select is_default from ai_personas')).toEqual([{ is_default: true }])
  })

  test('may say anything at the sign-up: it is cut to the columns', async () => {
    const id = await database.signUp('long@tidemark.dev', { name: 'x'.repeat(999), timezone: '' })
    const [profile] = await database.as(id, 'select display_name, timezone from user_profiles')
    expect(profile).toEqual({ display_name: 'x'.repeat(200), timezone: 'UTC' })
  })

  test('keeps the e-mail address of the sign-in', async () => {
    const id = await database.signUp('old@tidemark.dev')
    await database.sql(`update auth.users set email = 'new@tidemark.dev' where id = $1`, [id])
    expect(await database.as(id, 'select email from user_profiles')).toEqual([{ email: 'new@tidemark.dev' }])
  })
})

describe('A12: defaults', () => {
  test.each(['user_calendars', 'user_categories', 'ai_personas'])(
    'the default in %s cannot be deleted, by its user or by the service',
    async (table) => {
      await expect(database.as(ada, `delete from ${table} returning id`)).rejects.toMatchObject(checkFails)
      await expect(database.sql(`delete from ${table}`)).rejects.toMatchObject(checkFails)
    },
  )

  test.each([
    `update user_calendars set type = 'archive'`,
    'update user_categories set is_default = false',
    'update ai_personas set is_default = false',
  ])('the default stays the default: %s', async (statement) => {
    await expect(database.as(ada, `${statement} returning id`)).rejects.toMatchObject(checkFails)
  })

  test.each([
    `insert into user_calendars (name, type) values ('Second', 'default')`,
    `insert into user_categories (name, is_default) values ('Second', true)`,
    `insert into ai_personas (name, is_default) values ('Second', true)`,
  ])('there is only one: %s', async (statement) => {
    await expect(database.as(ada, `${statement} returning id`)).rejects.toMatchObject({ code: '23505' })
  })

  test('may be renamed, and others deleted', async () => {
    expect(await database.as(ada, `update user_calendars set name = 'Mine' returning name`)).toEqual([
      { name: 'Mine' },
    ])
    await database.as(ada, `insert into user_calendars (name) values ('Other') returning id`)
    const others = `delete from user_calendars where not is_default returning name`
    expect(await database.as(ada, others)).toEqual([{ name: 'Other' }])
  })
})

describe('ensure_archived_calendar', () => {
  test('A8: makes one archive, and gives the same one again, also to calls at once', async () => {
    await database.sql(`create function test.dawdle() returns trigger language plpgsql as
      'begin perform pg_sleep(0.2); return new; end'`)
    await database.sql(`create trigger dawdle before insert on user_calendars execute function test.dawdle()`)
    const call = () => database.as(ada, 'select ensure_archived_calendar() as id')
    const answers = await Promise.all([call(), call(), call()])
    await database.sql('drop trigger dawdle on user_calendars')
    const archives = await database.as(ada, `select id from user_calendars where type = 'archive'`)
    expect(archives).toHaveLength(1)
    expect(answers).toEqual([archives, archives, archives])
  })
})

describe('columns that Postgres says', () => {
  test.each([
    ['2026-03-29T00:30:00+00:00', 90],
    ['2026-03-29T02:30:00.123456+02:00', 1],
    ['1969-12-31T23:59:59.999900Z', 30],
  ])(
    'an event at %s for %i minutes has the times in ms that its declaration derives',
    async (start, duration) => {
      const [row] = await database.as(
        ada,
        `insert into events (title, start_time, duration) values ('Night', '${start}', ${String(duration)}) returning *`,
      )
      const derived = calendarSchema.tables.events.derive?.(row as never)
      expect(row).toMatchObject(derived as object)
      expect(row?.start_timestamp_ms).toBe(Date.parse(start))
    },
  )

  test('the times of a row are the server’s, whatever a client says', async () => {
    const ancient = `'2001-01-01T00:00:00Z'`
    const values = `values ('Clock', ${ancient}, ${ancient}) returning created_at, updated_at`
    const [made] = await database.as(
      ada,
      `insert into user_calendars (name, created_at, updated_at) ${values}`,
    )
    const change = `update user_calendars set color = 'red', created_at = ${ancient}, updated_at = ${ancient}
      where name = 'Clock' returning created_at, updated_at`
    const [changed] = await database.as(ada, change)
    expect(Date.parse(String(made?.updated_at))).toBeGreaterThan(Date.parse('2025-01-01'))
    expect(changed?.created_at).toBe(made?.created_at)
    expect(String(changed?.updated_at) > String(made?.updated_at)).toBe(true)
  })

  test.each([
    `insert into events (title, start_time, duration) values ('', now(), 30)`,
    `insert into events (title, start_time, duration) values ('Zero', now(), 0)`,
    `insert into events (title, start_time, duration) values ('A year', now(), 525600)`,
    `insert into user_work_periods (weekday, start_time, end_time) values (1, '17:00', '09:00')`,
    `insert into user_work_periods (weekday, start_time, end_time) values (7, '09:00', '17:00')`,
  ])('a row that makes no sense is refused: %s', async (statement) => {
    await expect(database.as(ada, `${statement} returning id`)).rejects.toMatchObject(checkFails)
  })
})

describe('deleting', () => {
  test('a calendar leaves its events, filed under none', async () => {
    const event = await database.makeEvent(ada)
    const [calendar] = await database.as(
      ada,
      `insert into user_calendars (name) values ('Gone') returning id`,
    )
    await database.as(
      ada,
      `insert into event_details_personal (event_id, calendar_id) values ('${event}', '${String(calendar?.id)}') returning event_id`,
    )
    await database.as(ada, `delete from user_calendars where name = 'Gone' returning id`)
    const details = `select calendar_id, user_id from event_details_personal where event_id = '${event}'`
    expect(await database.as(ada, details)).toEqual([{ calendar_id: null, user_id: ada }])
  })

  test('an event takes its roles and details along', async () => {
    const event = await database.makeEvent(ada)
    await database.as(
      ada,
      `insert into event_user_roles values ('${event}', '${ada}', 'owner') returning role`,
    )
    await database.as(
      ada,
      `insert into event_details_personal (event_id) values ('${event}') returning event_id`,
    )
    await database.as(ada, `delete from events where id = '${event}' returning id`)
    expect(await database.sql('select from event_user_roles where event_id = $1', [event])).toEqual([])
    expect(await database.sql('select from event_details_personal where event_id = $1', [event])).toEqual([])
  })

  test('a user takes everything along, defaults included, and leaves others their events', async () => {
    const dan = await database.signUp('dan@tidemark.dev')
    const [own, shared] = [await database.makeEvent(dan), await database.makeEvent(ada)]
    await database.sql('update events set creator_id = $1 where id = $2', [dan, shared])
    await database.sql(`insert into event_user_roles values ($1, $2, 'viewer'), ($3, $2, 'owner')`, [
      shared,
      dan,
      own,
    ])
    const fileAll = `insert into event_details_personal (event_id, calendar_id, category_id)
      select e.id, c.id, g.id from events e, user_calendars c, user_categories g returning event_id`
    expect(await database.as(dan, fileAll)).toHaveLength(2)
    await database.sql('delete from auth.users where id = $1', [dan])
    for (const table of [
      'user_calendars',
      'user_categories',
      'ai_personas',
      'event_details_personal',
      'event_user_roles',
    ]) {
      expect(await database.sql(`select from ${table} where user_id = $1`, [dan])).toEqual([])
    }
    expect(
      await database.sql('select id, creator_id from events where id in ($1, $2)', [own, shared]),
    ).toEqual([{ id: shared, creator_id: null }])
  })
})
