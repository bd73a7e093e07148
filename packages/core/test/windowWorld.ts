import { z } from 'zod'
import { browserPorts, createTidemark, defineSchema, defineTable, type Ports } from '../src/index.js'
import type { MemoryRemote } from './memoryRemote.js'
import { lists, until } from './world.js'

export const day = 86_400_000
/** Declares the windowed table. */
export const windowEvents = () =>
  defineTable({
    name: 'events',
    row: z.object({ id: z.string(), at: z.number(), text: z.string().default(''), updated_at: z.string() }),
    key: 'id',
    window: { on: 'at', before: day, after: day },
  })
export const events = windowEvents()
const schema = defineSchema({ version: 1, tables: { lists, events } })

/** Noon, so many days from now: the middle of a day's range. */
export const noon = (days: number): number => (Math.floor(Date.now() / day) + days) * day + day / 2
/** The query of one day. */
const dayOf = (days: number) => ({ where: { at: { gte: noon(days) - 1_000, lte: noon(days) + 1_000 } } })

/** Puts so many events of a day on the server. */
export function putDay(remote: MemoryRemote, days: number, count: number, text = ''): void {
  for (let n = 0; n < count; n += 1) remote.put(events, { id: `${days}.${n}`, at: noon(days), text }, false)
}

export type WindowTide = Awaited<ReturnType<typeof startWindowTab>>['tide']

/** A started tab of an app with a windowed table, when its status is `state`. `speed`: how much faster its timers run. */
export async function startWindowTab(
  name: string,
  remote: MemoryRemote,
  given: Ports,
  speed: number,
  state: 'synced' | 'retrying' = 'synced',
) {
  const timer: Ports['timer'] = (delay, run) => browserPorts.timer(delay / speed, run)
  const tide = createTidemark({ name, schema, remote, ports: { ...given, timer } })
  await tide.start('user-a')
  await until(`it is ${state}`, () => tide.status$.current?.name === state)
  const ids = (days: number) => tide.tables.events.rows$(dayOf(days))
  return {
    tide,
    /** Shows a day until it has so many rows, and answers what ends that. */
    async show(days: number, count: number): Promise<() => void> {
      const rows = ids(days)
      const subscription = rows.subscribe()
      await until(`day ${days} has ${count} rows`, () => rows.current?.length === count)
      return () => subscription.unsubscribe()
    },
    /** How many rows of a day lie on the disk. */
    held: async (days: number): Promise<number> => (await ids(days).ready).length,
  }
}
