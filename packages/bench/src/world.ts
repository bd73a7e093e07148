import {
  createTidemark,
  defineSchema,
  defineTable,
  type Remote,
  type RowOf,
  type Tidemark,
} from '@tidemark/core'
import { syncProtocol } from '@tidemark/core/remote'
import { of } from 'rxjs'
import { z } from 'zod'

export const events = defineTable({
  name: 'events',
  row: z.object({
    id: z.string(),
    owner_id: z.string(),
    title: z.string(),
    agenda: z.string().nullable(),
    start_timestamp_ms: z.number(),
    end_timestamp_ms: z.number(),
    all_day: z.boolean(),
    updated_at: z.string(),
  }),
  key: 'id',
  indexes: ['start_timestamp_ms'],
})
export type Event = RowOf<typeof events>

const schema = defineSchema({ version: 1, tables: { events } })
export type Tide = Tidemark<(typeof schema)['tables']>

/** A server that is never reached: only the local database is measured. */
const unreachable: Remote = {
  id: 'bench',
  protocol: syncProtocol,
  session$: of(undefined),
  select: () => new Promise(() => undefined),
  insert: () => new Promise(() => undefined),
  update: () => new Promise(() => undefined),
  remove: () => new Promise(() => undefined),
  channel: () => () => undefined,
  refresh: () => Promise.resolve(false),
}

export const makeTide = (name: string): Tide => createTidemark({ name, schema, remote: unreachable })

export const hour = 3_600_000

/** Events one after the other, an hour apart. */
export const makeEvents = (count: number, from = 0): Event[] =>
  Array.from({ length: count }, (_, index) => ({
    id: `event-${String(from + index).padStart(7, '0')}`,
    owner_id: `user-${index % 50}`,
    title: `Meeting ${index} about ${index % 97}`,
    agenda: index % 3 === 0 ? 'Agenda: what happened, what comes next, who does it.' : null,
    start_timestamp_ms: (from + index) * hour,
    end_timestamp_ms: (from + index + 1) * hour,
    all_day: index % 20 === 0,
    updated_at: '2026-01-01T00:00:00.000000+00:00',
  }))

/** The raw IndexedDB database behind a tide. */
export async function openRaw(name: string): Promise<IDBDatabase> {
  const found = (await indexedDB.databases()).find((database) =>
    database.name?.startsWith(`tidemark:${name}:`),
  )
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(found?.name ?? '')
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error ?? new Error('open failed'))
  })
}

/** Puts rows into a store, in one transaction. */
export function putAll(database: IDBDatabase, store: string, rows: readonly Event[]): Promise<void> {
  const transaction = database.transaction(store, 'readwrite')
  for (const row of rows) transaction.objectStore(store).put(row)
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve()
    transaction.onabort = () => reject(transaction.error ?? new Error('put failed'))
  })
}
