import { browserPorts, type Ports } from '@tidemark/core'
import { BehaviorSubject, of } from 'rxjs'
import { MemoryRemote, offline } from '../../core/test/memoryRemote.js'
import { createCalendar, events, type CalendarApp, type Event } from '../src/index.js'

export const userId = '00000000-0000-4000-8000-000000000001'
export const otherId = '00000000-0000-4000-8000-000000000002'
/** Monday, 2 March 2026, 09:20 UTC. */
export const now = Date.parse('2026-03-02T09:20:00Z')

/** A real calendar on a device whose network can be cut, and its server. */
export interface CalendarWorld {
  readonly calendar: CalendarApp
  readonly remote: MemoryRemote
  readonly online$: BehaviorSubject<boolean>
  /** Writes an event as another device would; what is left out stays as it was. */
  elsewhere(id: string, changes: Partial<Event>): void
  /** Deletes an event as another device would. */
  goneElsewhere(id: string): void
}

export async function calendarWorld({ online = true } = {}): Promise<CalendarWorld> {
  const remote = new MemoryRemote()
  remote.session$.next(userId)
  const online$ = new BehaviorSubject(online)
  remote.before = () => {
    if (!online$.value) throw offline()
  }
  const ports: Ports = {
    ...browserPorts,
    online$,
    visible$: of(true),
    now: () => now,
    random: () => 0.01,
    lock: locks(),
  }
  const calendar = createCalendar({ name: `t${crypto.randomUUID()}`, remote, ports })
  await calendar.tide.start(userId)
  const elsewhere = (id: string, changes: Partial<Event>): void => {
    const row = { ...blank(id), ...remote.rows('events').get(id), ...changes }
    const start = Date.parse(row.start_time)
    const end = start + row.duration * 60_000
    remote.put(events as never, { ...row, start_timestamp_ms: start, end_timestamp_ms: end })
  }
  return { calendar, remote, online$, elsewhere, goneElsewhere: (id) => remote.drop(events as never, id) }
}

const blank = (id: string): Omit<Event, 'start_timestamp_ms' | 'end_timestamp_ms' | 'updated_at'> => ({
  id,
  owner_id: userId,
  creator_id: userId,
  title: 'Review',
  agenda: null,
  start_time: '2026-03-02T09:00:00Z',
  duration: 30,
  all_day: false,
  private: false,
  online_event: false,
  in_person: false,
  created_at: '2026-03-01T00:00:00Z',
})

/** Locks of one device, held by whoever asks first. */
function locks(): Ports['lock'] {
  const turns = new Map<string, Promise<void>>()
  return (name, signal, held) => {
    const turn = (turns.get(name) ?? Promise.resolve()).then(() => (signal.aborted ? undefined : held()))
    turns.set(name, turn)
    return turn
  }
}
