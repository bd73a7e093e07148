import 'fake-indexeddb/auto'
import { createClient, type SupabaseClient } from '@supabase/supabase-js'
import { browserPorts } from '@tidemark/core'
import { supabaseRemote } from '@tidemark/core/supabase'
import { startDevServer, type DevServer } from '@tidemark/dev-server'
import fc from 'fast-check'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createCalendar, type CalendarApp, type EventDto } from '../src/index.js'

let server: DevServer
let calendar: CalendarApp
let user = ''
const supabases: SupabaseClient[] = []

beforeAll(async () => {
  const migrations = [join(import.meta.dirname, '..', 'supabase', 'migrations')]
  server = await startDevServer({ port: 0, database: 'temporary', migrations })
  const supabase = createClient(server.url, server.anonKey, {
    auth: { persistSession: false, autoRefreshToken: false },
  })
  supabases.push(supabase)
  const { data } = await supabase.auth.signUp({ email: 'dto@example.com', password: 'secret-secret' })
  user = data.user?.id ?? ''
  const ports = { ...browserPorts, lock: (_: string, __: AbortSignal, held: () => Promise<void>) => held() }
  calendar = createCalendar({ name: 'dto', remote: supabaseRemote(supabase), ports })
  await calendar.tide.start(user)
  // The default calendar comes with the first pull.
  await new Promise<void>((resolve) =>
    calendar.calendars$().subscribe(({ length }) => length > 0 && resolve()),
  )
})
afterAll(async () => {
  await calendar.tide.stop()
  await Promise.all(supabases.map((one) => one.removeAllChannels()))
  await server.stop()
})

/** The same event DTO, joined afresh by Postgres. */
const joined = () =>
  server.sql<EventDto>(
    `select e.id, e.title,
       coalesce(d.show_time_as::text, 'busy') as show_time_as, coalesce(d.time_defense_level::text, 'normal') as time_defense_level,
       coalesce(d.ai_managed, false) as ai_managed, d.ai_instructions,
       case when c.id is not null then json_build_object('id', c.id, 'name', c.name, 'color', c.color) end as calendar,
       case when g.id is not null then json_build_object('id', g.id, 'name', g.name, 'color', g.color) end as category,
       coalesce(r.role::text, case when e.owner_id = $1 then 'owner' else 'viewer' end) as role,
       r.rsvp, coalesce(r.following, false) as following, coalesce(c.type = 'archive', false) as archived
     from public.events e
     left join public.event_details_personal d on d.event_id = e.id and d.user_id = $1
     left join public.event_user_roles r on r.event_id = e.id and r.user_id = $1
     left join public.user_calendars c on c.id = d.calendar_id
     left join public.user_categories g on g.id = d.category_id
     order by e.id`,
    [user],
  )

const step = fc.record({
  what: fc.constantFrom(
    'create',
    'rename',
    'file',
    'show',
    'respond',
    'archive',
    'recolor',
    'drop',
    'unfile',
    'plan',
  ),
  at: fc.nat(20),
  word: fc.string({ minLength: 1, maxLength: 8, unit: 'grapheme-ascii' }),
})

async function take({ what, at, word }: { what: string; at: number; word: string }): Promise<void> {
  const events = await calendar.events$({ from: 0, to: Date.now() * 2, archived: 'all' }).ready
  const id = events[at % Math.max(1, events.length)]?.id
  const calendars = await calendar.calendars$().ready
  if (what === 'create' || id === undefined)
    return void (await calendar.createEvent({
      title: word,
      start_time: new Date().toISOString(),
      duration: 15 + at,
    }))
  const actions: Record<string, () => Promise<unknown>> = {
    rename: () => calendar.updateEvent(id, { title: word }),
    file: () => calendar.updatePersonal(id, { calendar_id: calendars[at % calendars.length]?.id ?? null }),
    show: () =>
      calendar.updatePersonal(id, { show_time_as: at % 2 ? 'oof' : 'free', ai_managed: at % 3 === 0 }),
    respond: () => calendar.respond(id, at % 2 ? 'declined' : null),
    archive: () => calendar.archiveEvent(id),
    recolor: () => calendar.updateCalendar(calendars[at % calendars.length]?.id ?? '', { color: word }),
    drop: () => calendar.deleteEvent(id),
    unfile: () => calendar.unarchiveEvent(id),
    plan: () => calendar.createCalendar({ name: word }),
  }
  await actions[what]?.()
}

test('A7: the event DTO equals a fresh SQL join, whatever part has changed', async () => {
  const current = calendar.events$({ from: 0, to: Date.now() * 2, archived: 'all' })
  current.subscribe()
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 25 }), async (steps) => {
      for (const one of steps) await take(one)
      await expect
        .poll(() => calendar.tide.status$.current, { timeout: 10_000 })
        .toMatchObject({ name: 'synced', pending: 0, parked: 0 })
      const fresh = await joined()
      const shown = [...(current.current ?? [])].sort((a, b) => (a.id < b.id ? -1 : 1))
      expect(shown.map(({ id }) => id)).toEqual(fresh.map(({ id }) => id))
      for (const [index, dto] of fresh.entries()) expect(shown[index]).toMatchObject(dto)
    }),
    { numRuns: 8 },
  )
}, 60_000)
