import {
  browserPorts,
  createTidemark,
  defineSchema,
  type Ports,
  type Stream,
  type Tidemark,
} from '@tidemark/core'
import { supabaseRemote } from '@tidemark/core/supabase'
import type { SupabaseClient } from '@supabase/supabase-js'
import { tables } from '../world.js'

const schema = defineSchema({ version: 1, tables })

export type Tide = Tidemark<(typeof schema)['tables']>

/** A device of a signed-in user, with a local database of its own. */
export interface Device {
  readonly user: string
  readonly tide: Tide
  rows(table: keyof typeof tables): readonly Record<string, unknown>[]
  stop(): Promise<void>
}

const ports: Ports = { ...browserPorts, lock: (_name, _signal, held) => held() }

/** @param surroundings ports that differ from the usual ones */
export async function startDevice(
  client: SupabaseClient,
  user: string,
  surroundings: Partial<Ports> = {},
): Promise<Device> {
  const name = `oracle-${crypto.randomUUID()}`
  const tide = createTidemark({
    name,
    schema,
    remote: supabaseRemote(client),
    ports: { ...ports, ...surroundings },
    sync: { pollEvery: 500 },
  })
  await tide.start(user)
  const streams = Object.fromEntries(
    Object.entries(tide.tables).map(([table, api]) => [
      table,
      api.rows$() as unknown as Stream<readonly Record<string, unknown>[]>,
    ]),
  )
  const subscriptions = Object.values(streams).map((stream) => stream.subscribe())
  return {
    user,
    tide,
    rows: (table) => streams[table]?.current ?? [],
    stop: async () => {
      for (const subscription of subscriptions) subscription.unsubscribe()
      await tide.signOut({ pending: 'discard' })
      await client.removeAllChannels()
    },
  }
}

/** Waits until everything is sent, and what the server has is here; fails after `within` ms with what was not so. */
export async function untilEqual(
  devices: readonly Device[],
  expected: (user: string, table: keyof typeof tables) => Promise<readonly Record<string, unknown>[]>,
  within = 30_000,
): Promise<string[]> {
  const end = Date.now() + within
  for (;;) {
    const wrong = (await Promise.all(devices.map((device) => differences(device, expected)))).flat()
    if (wrong.length === 0 || Date.now() > end) return wrong
    await new Promise((resolve) => setTimeout(resolve, 300))
  }
}

async function differences(
  device: Device,
  expected: (user: string, table: keyof typeof tables) => Promise<readonly Record<string, unknown>[]>,
): Promise<string[]> {
  const wrong: string[] = device.tide.outbox.pending$.current?.map(({ table }) => `${table}: not sent`) ?? []
  for (const table of Object.keys(tables) as (keyof typeof tables)[]) {
    const server = byKey(table, await expected(device.user, table))
    const local = byKey(table, device.rows(table))
    for (const [key, row] of server)
      if (!local.has(key)) wrong.push(`${table} ${key}: missing`)
      else if (local.get(key) !== row) wrong.push(`${table} ${key}: stale`)
    for (const key of local.keys()) if (!server.has(key)) wrong.push(`${table} ${key}: ghost`)
  }
  return wrong
}

/** The rows as text by key, without what only one side has. */
function byKey(table: keyof typeof tables, rows: readonly Record<string, unknown>[]): Map<string, string> {
  const columns = Object.keys(tables[table].row._zod.def.shape)
  return new Map(
    rows.map((row) => [
      JSON.stringify(tables[table].key.map((column) => row[column])),
      JSON.stringify(columns.map((column) => row[column])),
    ]),
  )
}
