import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { checkFails, forbidden, startCalendarDatabase, type CalendarDatabase } from './calendarDatabase.js'

let database: CalendarDatabase
let ada: string
let ben: string
let cleo: string
let event: string

beforeAll(async () => {
  database = await startCalendarDatabase()
  ada = await database.signUp('ada@tidemark.dev')
  ben = await database.signUp('ben@tidemark.dev')
  cleo = await database.signUp('cleo@tidemark.dev')
})
afterAll(() => database.stop())
beforeEach(async () => {
  await database.sql('delete from events')
  event = await database.makeEvent(ada)
})

const as = (user: string, statement: string) => database.as(user, statement)
const invite = (user: string, role = 'viewer') =>
  as(ada, `insert into event_user_roles values ('${event}', '${user}', '${role}') returning *`)
const changeTitle = (user: string) =>
  as(user, `update events set title = 'Changed' where id = '${event}' returning title`)

describe('events', () => {
  test('A9: an event is seen by its owner and by those who are invited, by nobody else', async () => {
    await invite(ben)
    expect(await as(ada, 'select id from events')).toEqual([{ id: event }])
    expect(await as(ben, 'select id from events')).toEqual([{ id: event }])
    expect(await as(cleo, 'select id from events')).toEqual([])
  })

  test.each(['viewer', 'contributor', 'owner', 'delegate_full'])(
    'A9, A11: only the owner edits or deletes an event, not someone invited as %s',
    async (role) => {
      await invite(ben, role)
      expect(await changeTitle(ben)).toEqual([])
      expect(await as(ben, `delete from events where id = '${event}' returning id`)).toEqual([])
      expect(await changeTitle(ada)).toEqual([{ title: 'Changed' }])
    },
  )

  test('A11: nobody makes an event as somebody else, nor gives one away', async () => {
    const columns = 'title, start_time, duration'
    const values = `'X', '2026-03-02T09:00:00Z', 30`
    const asAda = `insert into events (owner_id, ${columns}) values ('${ada}', ${values}) returning id`
    const byAda = `insert into events (creator_id, ${columns}) values ('${ada}', ${values}) returning id`
    await expect(as(ben, asAda)).rejects.toMatchObject(forbidden)
    await expect(as(ben, byAda)).rejects.toMatchObject(forbidden)
    await expect(as(ada, `update events set owner_id = '${ben}' returning id`)).rejects.toMatchObject(
      forbidden,
    )
  })

  test('an event whose owner is left out belongs to whoever makes it', async () => {
    expect(await as(ada, 'select owner_id, creator_id from events')).toEqual([
      { owner_id: ada, creator_id: ada },
    ])
  })

  test('somebody whose role is taken away no longer sees the event', async () => {
    await invite(ben)
    await as(ada, `delete from event_user_roles where user_id = '${ben}' returning user_id`)
    expect(await as(ben, 'select id from events')).toEqual([])
  })
})

describe('event_user_roles', () => {
  test('A9: one sees own roles, and the owner those of all', async () => {
    await invite(ben)
    await invite(cleo)
    const people = async (user: string) =>
      (await as(user, 'select user_id from event_user_roles')).map((row) => row.user_id).sort()
    expect(await people(ada)).toEqual([ben, cleo].sort())
    expect(await people(ben)).toEqual([ben])
  })

  test('A9: someone invited answers and follows', async () => {
    await invite(ben)
    const answer = `update event_user_roles set rsvp = 'accepted', following = true where event_id = '${event}'`
    expect(await as(ben, `${answer} returning rsvp, following`)).toEqual([
      { rsvp: 'accepted', following: true },
    ])
  })

  test.each([`role = 'owner'`, `event_id = gen_random_uuid()`])(
    'A11: someone invited cannot set %s',
    async (change) => {
      await invite(ben)
      await expect(as(ben, `update event_user_roles set ${change} returning role`)).rejects.toMatchObject(
        forbidden,
      )
    },
  )

  test('A11: someone invited cannot hand the invitation to somebody else', async () => {
    await invite(ben)
    const hand = `update event_user_roles set user_id = '${cleo}' returning role`
    await expect(as(ben, hand)).rejects.toMatchObject(forbidden)
  })

  test('A11: only the owner invites and uninvites, oneself included', async () => {
    await invite(ben, 'delegate_full')
    const row = (user: string) => `insert into event_user_roles values ('${event}', '${user}') returning role`
    await expect(as(cleo, row(cleo))).rejects.toMatchObject(forbidden)
    await expect(as(ben, row(cleo))).rejects.toMatchObject(forbidden)
    const uninvite = `delete from event_user_roles where user_id = '${ben}' returning role`
    expect(await as(cleo, uninvite)).toEqual([])
    expect(await as(ben, uninvite)).toEqual([])
  })

  test('the owner changes and takes back roles', async () => {
    await invite(ben)
    const promote = `update event_user_roles set role = 'contributor' where user_id = '${ben}' returning role`
    expect(await as(ada, promote)).toEqual([{ role: 'contributor' }])
    expect(await as(ada, `delete from event_user_roles returning user_id`)).toEqual([{ user_id: ben }])
  })

  test('the service role changes roles, as it has no user', async () => {
    await invite(ben)
    const promote = `update event_user_roles set role = 'contributor' returning role`
    expect(await database.sql(promote)).toEqual([{ role: 'contributor' }])
  })
})

describe('event_details_personal', () => {
  const file = (user: string, columns = '', values = '') =>
    as(
      user,
      `insert into event_details_personal (event_id${columns}) values ('${event}'${values}) returning *`,
    )

  test('A9: anyone invited files an event for themselves, and nobody else sees how', async () => {
    await invite(ben)
    expect(await file(ben, ', show_time_as', `, 'free'`)).toMatchObject([
      {
        event_id: event,
        user_id: ben,
        show_time_as: 'free',
        time_defense_level: 'normal',
        ai_managed: false,
      },
    ])
    expect(await as(ada, 'select * from event_details_personal')).toEqual([])
  })

  test('A11: nobody files an event that they cannot see, or for somebody else', async () => {
    await expect(file(cleo)).rejects.toMatchObject(forbidden)
    await invite(ben)
    await expect(file(ben, ', user_id', `, '${ada}'`)).rejects.toMatchObject(forbidden)
  })

  test('A11: nobody files an event under somebody else’s calendar or category', async () => {
    const [calendar] = await database.sql('select id from user_calendars where user_id = $1', [ben])
    const [category] = await database.sql('select id from user_categories where user_id = $1', [ben])
    await expect(file(ada, ', calendar_id', `, '${String(calendar?.id)}'`)).rejects.toMatchObject({
      code: '23503',
    })
    await expect(file(ada, ', category_id', `, '${String(category?.id)}'`)).rejects.toMatchObject({
      code: '23503',
    })
  })

  test('details of an event that is no longer seen are no longer seen either, and come back with it', async () => {
    await invite(ben)
    await file(ben)
    await as(ada, 'delete from event_user_roles returning role')
    expect(await as(ben, 'select * from event_details_personal')).toEqual([])
    await invite(ben)
    expect(await as(ben, 'select event_id from event_details_personal')).toEqual([{ event_id: event }])
  })
})

describe('user_profiles', () => {
  const emails = async (user: string) =>
    (await as(user, 'select email from user_profiles order by email')).map((row) => String(row.email)[0])

  test('a profile is seen by its user and by those who share an event with them', async () => {
    expect(await emails(ada)).toEqual(['a'])
    await invite(ben)
    expect(await emails(ada)).toEqual(['a', 'b'])
    await invite(cleo)
    expect(await emails(cleo)).toEqual(['a', 'b', 'c'])
  })

  test('A11: only one’s own profile is changed, and never its e-mail address', async () => {
    await invite(ben)
    const rename = `update user_profiles set display_name = 'B' returning id`
    expect(await as(ben, rename)).toEqual([{ id: ben }])
    const readdress = `update user_profiles set email = 'x@tidemark.dev' returning id`
    await expect(as(ben, readdress)).rejects.toMatchObject(forbidden)
    await expect(as(ben, 'delete from user_profiles returning id')).rejects.toMatchObject(forbidden)
  })
})

describe.each(['user_calendars', 'user_categories', 'ai_personas', 'user_work_periods'])('%s', (table) => {
  test('A11: only one’s own rows are seen, made, changed and deleted', async () => {
    await database.sql(`insert into user_work_periods (user_id, weekday, start_time, end_time)
      values ('${ada}', 1, '09:00', '17:00'), ('${ben}', 1, '09:00', '17:00')`)
    const owners = (await as(ben, `select user_id from ${table}`)).map((row) => row.user_id)
    expect(new Set(owners)).toEqual(new Set([ben]))
    expect(await as(ben, `delete from ${table} where user_id = '${ada}' returning id`)).toEqual([])
    const give = `update ${table} set user_id = '${ada}' returning id`
    await expect(as(ben, give)).rejects.toMatchObject(forbidden)
  })
})

test('somebody who is not signed in reads and calls nothing', async () => {
  for (const table of ['user_profiles', 'user_calendars', 'events', 'event_user_roles']) {
    await expect(database.asAnon(`select * from ${table}`)).rejects.toMatchObject(forbidden)
  }
  await expect(database.asAnon('select ensure_archived_calendar()')).rejects.toMatchObject(forbidden)
})

test('no client calls the helpers of the policies', async () => {
  const call = `select calendar_private.is_event_owner('${event}')`
  await expect(as(ada, call)).rejects.toMatchObject(forbidden)
})

test('a row that a column’s limit refuses is refused as such', async () => {
  const long = `update events set title = repeat('x', 501) returning id`
  await expect(as(ada, long)).rejects.toMatchObject(checkFails)
})
