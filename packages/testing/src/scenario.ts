import type { Mutation, Schema } from '@tidemark/core'
import type { Written } from './check/journal.js'
import type { Policies } from './server/server.js'
import type { Random } from './world/random.js'

type Row = Readonly<Record<string, unknown>>

/** What the generator of a write knows. */
export interface WriteContext {
  readonly random: Random
  readonly user: string
  /** A text that no other write has. Put it into a text column, so that the simulation can follow the write. */
  readonly marker: string
  /** A new id. */
  readonly id: string
  /** The rows of another table that this tab shows. */
  readonly rows: (table: string) => readonly Row[]
  /** How many tabs the device has open. */
  readonly tabs: number
  /** All users of the simulation. */
  readonly users: readonly string[]
  /** ms since the epoch. */
  readonly now: number
}

/** How a simulation writes to a table. */
export interface TableWrites {
  /** The text column that carries markers; left out: writes of the table are not followed one by one. */
  readonly marker?: string
  /** A row to insert; `undefined`: not now. */
  readonly insert?: (context: WriteContext) => Row | undefined
  /** A change of a row; `undefined`: not now. */
  readonly update?: (row: Row, context: WriteContext) => Row | undefined
  /** Whether rows are deleted. Default: true. */
  readonly remove?: boolean
}

/** What a scenario can look at when everything has come to rest. */
export interface ScenarioEnd {
  /** The server's rows of a table, by its name in Postgres. */
  readonly rows: (table: string) => readonly Row[]
  /** What the apps have written, in order. */
  readonly writes: readonly Written[]
  /** Mutations that wait for the user, on all devices. */
  readonly parked: readonly Mutation[]
  /** True when a backup was restored: what was written after it was made is gone. */
  readonly restored: boolean
}

/** A schema to simulate, its policies, and how it is written to. */
export interface Scenario {
  readonly schema: Schema
  /** By the table's name in Postgres. */
  readonly policies?: Readonly<Record<string, Policies>>
  /** By the table's name in the schema. */
  readonly writes: Readonly<Record<string, TableWrites>>
  /** Rows that are there from the beginning, by the table's name in Postgres. */
  readonly initial?: Readonly<Record<string, readonly Row[]>>
  /** Checked at the end. Answers what is wrong. */
  readonly check?: (end: ScenarioEnd) => readonly string[]
}
