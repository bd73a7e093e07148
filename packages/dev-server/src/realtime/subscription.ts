import type { Claims } from '../context.js'
import type { ChangeData } from './changeData.js'
import type { Change } from './changeLog.js'
import type { Filter } from './filters.js'

/** One binding of a channel: whose eyes, which table, which rows. */
export interface Subscription {
  readonly id: number
  /** `INSERT`, `UPDATE`, `DELETE`, or `*`. */
  readonly event: string
  /** `*`: every schema. */
  readonly schema: string
  /** `*`: every published table of the schema. */
  readonly table: string
  readonly filters: readonly Filter[]
  /** The columns that are told besides the key; undefined: all. */
  readonly select: readonly string[] | undefined
  readonly claims: Claims
  /** Who is told. Subscriptions of one receiver are told of one change once. */
  readonly receiver: Receiver
}

/** Takes a change, with the ids of the subscriptions that it answers. */
export type Receiver = (ids: readonly number[], data: ChangeData) => void

/** Whether a subscription is about the table and the kind of a change. */
export const concerns = ({ event, schema, table }: Subscription, change: Change): boolean =>
  (event === '*' || event === change.op) &&
  (schema === '*' || schema === change.schema) &&
  (table === '*' || table === change.table)
