import type { Key, Ports, Schema } from '@tidemark/core'
import { Connection } from './server/connection.js'
import { SqlError, type Row } from './server/database.js'
import type { Policies } from './server/server.js'
import { writesOf, type ServerWrites } from './server/serverWrites.js'
import { StampedServer } from './server/stampedServer.js'
import { Timers } from './server/timers.js'
import { fairWeather, type Weather } from './server/transport.js'
import { seeded } from './world/random.js'

export type { Connection } from './server/connection.js'
export type { Row } from './server/database.js'
export type { Policies, RowReader } from './server/server.js'
export type { ServerWrites } from './server/serverWrites.js'
export type { Weather } from './server/transport.js'

export interface SimulatedServerOptions {
  readonly schema: Schema
  /** As the row level policies of the database say it. Left out: the owner column decides. */
  readonly policies?: Readonly<Record<string, Policies>>
  /** Time as the apps have it; `now` in ms since the epoch. */
  readonly ports: Pick<Ports, 'now' | 'timer'>
  /** Makes what is left to chance the same each time. Default: 1. */
  readonly seed?: number
}

/** Why the server refuses writes. */
export interface Refusal {
  /** SQLSTATE. */
  readonly code: string
  readonly message?: string
  /** Left out: writes of any table. */
  readonly table?: string
}

/** A server in memory, with what a story or a test does to it. Runs in browsers and in Node, in the time of its apps. */
export interface SimulatedServer {
  /** What the network does to requests and events; change it at any time. Probabilities, and `delay` in ms. */
  readonly weather: Weather
  /** A device's way to the server. Default mode: `exact`. */
  connect(user: string, mode?: 'exact' | 'plain'): Connection
  /** Writes past every client, in one transaction. */
  write(work: (tables: ServerWrites) => void): void
  /** Changes columns of a row behind the back of every trigger, as a faulty restore does. */
  spoil(table: string, key: Key, columns: Row): void
  /** Refuses writes from now on; `undefined`: no more. */
  refuse(refusal: Refusal | undefined): void
  /** Every row of a table. */
  rows(table: string): readonly Row[]
}

/**
 * Makes a server for the tables of a schema.
 *
 * @example
 * const server = simulatedServer({ schema, ports: browserPorts })
 * const { remote, online$ } = server.connect('ada')
 * const tide = createTidemark({ name: 'demo', schema, remote, ports: { ...browserPorts, online$ } })
 */
export function simulatedServer({
  schema,
  ports,
  seed = 1,
  ...rest
}: SimulatedServerOptions): SimulatedServer {
  const tables = Object.values(schema.tables)
  const weather = { ...fairWeather }
  const random = seeded(seed)
  let refusal: Refusal | undefined
  const check = (table: string): void => {
    if (!refusal || (refusal.table ?? table) !== table) return
    throw new SqlError(refusal.code, refusal.message ?? `The server refuses writes of '${table}'.`)
  }
  const policies = Object.fromEntries(
    tables.map(({ name, owner }) => [name, checked(name, owner, rest.policies?.[name], check)]),
  )
  const server = new StampedServer({ tables, policies, now: () => ports.now(), pageSize: 1_000 })
  const scheduler = new Timers((delay, run) => ports.timer(delay, run), random)
  const network = { server, scheduler, random, weather, applied: () => undefined }
  return {
    weather,
    connect: (user, mode = 'exact') => new Connection(network, user, mode),
    write: (work) => {
      const transaction = server.database.begin()
      work(writesOf(server, transaction))
      server.commit(transaction)
    },
    spoil: (table, key, columns) => spoil(server, table, key, columns),
    refuse: (next) => (refusal = next),
    rows: (table) => server.database.all(table).map(({ row }) => row),
  }
}

/** The policies of a table, behind what refuses every write. */
function checked(
  name: string,
  owner: string | undefined,
  policies: Policies | undefined,
  check: (table: string) => void,
): Policies {
  const select = policies?.select ?? ((user, row) => owner === undefined || row[owner] === user)
  const write = policies?.write ?? select
  return {
    select,
    write: (user, row, rows) => {
      check(name)
      return write(user, row, rows)
    },
  }
}

function spoil({ database }: StampedServer, table: string, key: Key, columns: Row): void {
  for (const [id, version] of database.rows)
    if (version.table === table && String(version.key) === String(key))
      database.rows.set(id, { ...version, row: { ...version.row, ...columns } })
}
