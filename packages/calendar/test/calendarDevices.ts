import { createClient, type SupabaseClient } from '@supabase/supabase-js'
import { browserPorts, type Status } from '@tidemark/core'
import { supabaseRemote } from '@tidemark/core/supabase'
import { startDevServer, type DevServer } from '@tidemark/dev-server'
import { join } from 'node:path'
import { BehaviorSubject } from 'rxjs'
import { createCalendar, type CalendarApp, type CalendarOptions, type EventDto } from '../src/index.js'

export interface Device {
  readonly calendar: CalendarApp
  readonly supabase: SupabaseClient
  readonly id: string
  readonly online$: BehaviorSubject<boolean>
  /** All events, archived ones too, kept current. */
  readonly events: () => readonly EventDto[]
}

/** A server with the calendar's migration, and devices of its users. */
export interface Devices {
  readonly server: DevServer
  /** A device of its own: client, local database, network. The user signs up with the first. */
  make(name: string, email: string, options?: Pick<CalendarOptions, 'conflict'>): Promise<Device>
  stop(): Promise<void>
}

const day = 86_400_000
export const range = () => ({
  from: Date.now() - 5 * day,
  to: Date.now() + 5 * day,
  archived: 'all' as const,
})

/** Starts a server without devices. */
export async function startDevices(): Promise<Devices> {
  const migrations = [join(import.meta.dirname, '..', 'supabase', 'migrations')]
  const server = await startDevServer({ port: 0, database: 'temporary', migrations })
  const open: Device[] = []
  return {
    server,
    make: async (...given) => {
      const made = await makeDevice(server, ...given)
      open.push(made)
      return made
    },
    stop: async () => {
      await Promise.all(open.map(({ calendar }) => calendar.tide.stop()))
      await Promise.all(open.map(({ supabase }) => supabase.removeAllChannels()))
      await server.stop()
    },
  }
}

async function makeDevice(
  server: DevServer,
  name: string,
  email: string,
  options: Pick<CalendarOptions, 'conflict'> = {},
): Promise<Device> {
  const supabase = createClient(server.url, server.anonKey, {
    auth: { persistSession: false, autoRefreshToken: false },
  })
  const account = { email, password: 'secret-secret' }
  const { data } = await supabase.auth.signInWithPassword(account)
  const user = data.user ?? (await supabase.auth.signUp(account)).data.user
  if (!user) throw new Error('nobody is signed in')
  const online$ = new BehaviorSubject(true)
  const ports = { ...browserPorts, online$, lock: ownLocks() }
  const calendar = createCalendar({ name, remote: supabaseRemote(supabase), ports, ...options })
  await calendar.tide.start(user.id)
  const stream = calendar.events$(range())
  stream.subscribe()
  return { calendar, supabase, id: user.id, online$, events: () => stream.current ?? [] }
}

/** Each device is a browser of its own. */
function ownLocks() {
  const locks = new Map<string, Promise<void>>()
  return (lock: string, signal: AbortSignal, held: () => Promise<void>): Promise<void> => {
    const turn = (locks.get(lock) ?? Promise.resolve()).then(() => (signal.aborted ? undefined : held()))
    locks.set(lock, turn)
    return turn
  }
}

/** Waits until something has come to pass; throws, naming it, after 8 s. */
export async function until(what: string, check: () => boolean): Promise<void> {
  const end = Date.now() + 8_000
  while (!check()) {
    if (Date.now() > end) throw new Error(`It did not come to pass: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

export const status = ({ calendar }: Device) =>
  calendar.tide.status$.current as Extract<Status, { pending: number }>

/** Waits until a device is synced and hears events. */
export const live = (one: Device) =>
  until(
    'it is synced and hears events',
    () => status(one).name === 'synced' && status(one).realtime === 'joined',
  )
export const titles = (one: Device) => one.events().map(({ title }) => title)
export const meeting = (title: string) => ({ title, start_time: new Date().toISOString(), duration: 30 })
