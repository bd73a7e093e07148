import { ownCalendars, ownCategories, people, profiles } from './demoUsers.ts'
import { holidayCalendars, holidayEvents } from './holidays.ts'
import type { Person } from './plan.ts'
import { workingYear } from './workingYear.ts'
import { type Run, writeEvents, writeOwn, writeUsers } from './writeRows.ts'

export interface SeedOptions {
  /** The day around which the year lies. Left out: today. */
  readonly now?: Date
  /** Told of every part that is written. */
  readonly onProgress?: (done: number, total: number, what: string) => void
}

export interface SeedResult {
  /** How many events the demo users own. */
  readonly events: number
  /** Their ids. */
  readonly users: Readonly<Record<Person, string>>
}

/** Rows a statement; it bounds the parameter's size and makes the progress smooth. */
const batch = 1_000

/**
 * Fills a database that has the calendar's tables with the demo: two users, the public holidays of many countries for three
 * years, and a year of working weeks. The same day gives the same rows. Does nothing where the demo's Ada has signed up already;
 * a run that fails takes back what it wrote.
 *
 * @param run runs a statement past all policies
 */
export async function seedDemo(
  run: Run,
  { now = new Date(), onProgress }: SeedOptions = {},
): Promise<SeedResult> {
  const [seeded] = await run('select from auth.users where email = $1', [profiles.ada.user.email])
  if (!seeded) {
    try {
      await write(run, now, onProgress ?? (() => undefined))
    } catch (error) {
      await analyze(run)
      await run('delete from auth.users where id = any($1)', [people.map((person) => profiles[person].id)])
      throw error
    }
  }
  return whatIsThere(run)
}

async function write(run: Run, now: Date, progress: NonNullable<SeedOptions['onProgress']>): Promise<void> {
  const year = now.getUTCFullYear()
  const events = [...workingYear(+now), ...holidayEvents([year - 1, year, year + 1])]
  progress(0, events.length, 'users')
  await writeUsers(run)
  progress(0, events.length, 'calendars')
  await writeOwn(run, [...ownCalendars, ...holidayCalendars()], ownCategories)
  const defaults = await defaultCalendars(run)
  for (let done = 0; done < events.length; done += batch) {
    await writeEvents(run, events.slice(done, done + batch), defaults)
    if (done === 0) await analyze(run)
    progress(Math.min(done + batch, events.length), events.length, 'events')
  }
}

/** Plans made for empty tables would otherwise stay until the database looks by itself: seconds for what takes milliseconds. */
const analyze = (run: Run) => run('analyze')

async function defaultCalendars(run: Run): Promise<Map<string, string>> {
  const rows = await run('select user_id, id from user_calendars where is_default')
  return new Map(rows.map(({ user_id, id }) => [String(user_id), String(id)]))
}

async function whatIsThere(run: Run): Promise<SeedResult> {
  const emails = people.map((person) => profiles[person].user.email)
  const rows = await run(
    `select p.id, p.email, count(e.id)::int as events from user_profiles p left join events e on e.owner_id = p.id
     where p.email = any($1) group by p.id`,
    [emails],
  )
  const idOf = (person: Person): string =>
    String(rows.find(({ email }) => email === profiles[person].user.email)?.id ?? '')
  return {
    events: rows.reduce((sum, { events }) => sum + Number(events), 0),
    users: { ada: idOf('ada'), ben: idOf('ben') },
  }
}
