import { password, type DemoUser } from '../src/shared/people.ts'
import { stableId } from './chance.ts'
import { people, personas, type Profile, profiles } from './demoUsers.ts'
import type { Filing, Guest, Person, PlannedEvent, PlannedLabel } from './plan.ts'

/** Runs one statement past all policies, and resolves with its rows. */
export type Run = (sql: string, params?: unknown[]) => Promise<Record<string, unknown>[]>

type Row = Record<string, unknown>

/**
 * Writes rows of one table with one statement. The rows travel as one parameter; columns that they leave out get their defaults.
 */
export async function insertAll(
  run: Run,
  table: string,
  columns: readonly string[],
  rows: readonly Row[],
): Promise<void> {
  const list = columns.join(', ')
  const from = `json_populate_recordset(null::${table}, $1::json)`
  await run(`insert into ${table} (${list}) select ${list} from ${from}`, [JSON.stringify(rows)])
}

/** The users, whom triggers give a profile and their defaults, and what they say of themselves. */
export async function writeUsers(run: Run): Promise<void> {
  for (const person of people) {
    await writeUser(run, profiles[person].id, profiles[person].user)
    await writeProfile(run, profiles[person])
  }
}

/** Signs a user up, who signs in with the demo's password. */
export async function writeUser(run: Run, id: string, { email, name }: DemoUser): Promise<void> {
  const [hash] = await run(
    `select case when to_regprocedure('extensions.gen_salt(text)') is not null then 'extensions' else 'public' end as schema
     where to_regprocedure('extensions.gen_salt(text)') is not null or to_regprocedure('public.gen_salt(text)') is not null`,
  )
  const schema = hash?.schema
  const encrypted =
    schema === undefined ? 'null' : `${String(schema)}.crypt($3, ${String(schema)}.gen_salt('bf', 4))`
  await run(
    `insert into auth.users (instance_id, id, aud, role, email, encrypted_password, email_confirmed_at, raw_app_meta_data,
       raw_user_meta_data, created_at, updated_at, confirmation_token, recovery_token, email_change_token_new, email_change)
     select '00000000-0000-0000-0000-000000000000', $1, 'authenticated', 'authenticated', $2, ${encrypted}, now(),
       '{"provider": "email", "providers": ["email"]}', jsonb_build_object('display_name', $4::text), now(), now(), '', '', '', ''
     where $3::text is not null`,
    [id, email, password, name],
  )
}

async function writeProfile(run: Run, profile: Profile): Promise<void> {
  const { id, firstName, lastName, title, zone, timeFormat, weekStart, workday } = profile
  const schedule = { from: workday[0], to: workday[1], days: [1, 2, 3, 4, 5] }
  await run(
    `update user_profiles set first_name = $2, last_name = $3, title = $4, organization = 'Tidemark', timezone = $5,
       time_format = $6, week_start_day = $7, work_schedule = $8 where id = $1`,
    [id, firstName, lastName, title, zone, timeFormat, weekStart, JSON.stringify(schedule)],
  )
}

const labelId = (kind: 'calendar' | 'category', owner: Person, key: string): string =>
  stableId(`${kind}/${owner}/${key}`)

export async function writeOwn(
  run: Run,
  calendars: readonly PlannedLabel[],
  categories: readonly PlannedLabel[],
): Promise<void> {
  const calendarRows = calendars.map(({ owner, key, name, color, type = 'user', visible = true }) => {
    return { id: labelId('calendar', owner, key), user_id: profiles[owner].id, name, color, type, visible }
  })
  await insertAll(run, 'user_calendars', ['id', 'user_id', 'name', 'color', 'type', 'visible'], calendarRows)
  const categoryRows = categories.map(({ owner, key, name, color }) => {
    return { id: labelId('category', owner, key), user_id: profiles[owner].id, name, color }
  })
  await insertAll(run, 'user_categories', ['id', 'user_id', 'name', 'color'], categoryRows)
  const personaRows = personas.map(({ owner, name, prompt }) => {
    return { id: stableId(`persona/${name}`), user_id: profiles[owner].id, name, system_prompt: prompt }
  })
  await insertAll(run, 'ai_personas', ['id', 'user_id', 'name', 'system_prompt'], personaRows)
  const periods = people.flatMap((owner) =>
    [1, 2, 3, 4, 5].map((weekday) => workPeriod(profiles[owner], weekday)),
  )
  await insertAll(run, 'user_work_periods', ['id', 'user_id', 'weekday', 'start_time', 'end_time'], periods)
}

const workPeriod = ({ person, id, workday: [from, to] }: Profile, weekday: number): Row => ({
  id: stableId(`work/${person}/${String(weekday)}`),
  user_id: id,
  weekday,
  start_time: from,
  end_time: to,
})

/** Events with their roles and how each person has filed them. `defaults` has the ids of everyone's default calendar. */
export async function writeEvents(
  run: Run,
  events: readonly PlannedEvent[],
  defaults: ReadonlyMap<string, string>,
): Promise<void> {
  const columns = ['id', 'owner_id', 'creator_id', 'title', 'agenda', 'start_time', 'duration', 'all_day']
  await insertAll(run, 'events', [...columns, 'private', 'online_event', 'in_person'], events.map(eventRow))
  const roles = ['event_id', 'user_id', 'role', 'rsvp', 'following']
  await insertAll(run, 'event_user_roles', roles, events.flatMap(roleRows))
  const details = ['event_id', 'user_id', 'calendar_id', 'category_id', 'show_time_as', 'time_defense_level']
  const rows = events.flatMap((event) => detailRows(event, defaults))
  await insertAll(run, 'event_details_personal', [...details, 'ai_managed', 'ai_instructions'], rows)
}

const eventId = ({ key }: PlannedEvent): string => stableId(`event/${key}`)

const eventRow = (event: PlannedEvent): Row => ({
  id: eventId(event),
  owner_id: profiles[event.owner].id,
  creator_id: profiles[event.owner].id,
  title: event.title,
  agenda: event.agenda ?? null,
  start_time: new Date(event.start).toISOString(),
  duration: event.minutes,
  all_day: event.allDay ?? false,
  private: event.private ?? false,
  online_event: event.place === 'online',
  in_person: event.place === 'in-person',
})

const guestsOf = (event: PlannedEvent) => Object.entries(event.guests ?? {}) as [Person, Guest][]

function roleRows(event: PlannedEvent): Row[] {
  const event_id = eventId(event)
  const owner = {
    event_id,
    user_id: profiles[event.owner].id,
    role: 'owner',
    rsvp: 'accepted',
    following: false,
  }
  const guests = guestsOf(event).map(([person, { role, rsvp, following = false }]) => {
    return { event_id, user_id: profiles[person].id, role, rsvp, following }
  })
  return [owner, ...guests]
}

function detailRows(event: PlannedEvent, defaults: ReadonlyMap<string, string>): Row[] {
  const filings: [Person, Filing | undefined][] = [
    [event.owner, event.filing],
    ...guestsOf(event).map(([person, { filing }]): [Person, Filing | undefined] => [person, filing]),
  ]
  return filings.map(([person, filing]) => ({
    event_id: eventId(event),
    ...filed(person, filing ?? {}, defaults),
  }))
}

function filed(person: Person, filing: Filing, defaults: ReadonlyMap<string, string>): Row {
  const { calendar, category, showTimeAs = 'busy', defense = 'normal', aiInstructions = null } = filing
  const { id } = profiles[person]
  return {
    user_id: id,
    calendar_id: calendar === undefined ? defaults.get(id) : labelId('calendar', person, calendar),
    category_id: category === undefined ? null : labelId('category', person, category),
    show_time_as: showTimeAs,
    time_defense_level: defense,
    ai_managed: aiInstructions !== null,
    ai_instructions: aiInstructions,
  }
}
