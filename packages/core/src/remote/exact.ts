import type { Columns } from '../base/json.js'
import type { Key } from '../schema/key.js'

/** A closed range of a column that is wanted whole. Server values. */
export interface WireRange {
  readonly column: string
  readonly from: unknown
  readonly to: unknown
}

/** What `tidemark_pull` is asked. See PROTOCOL.md of @tidemark/postgres, which says what every field means. */
export interface ExactPullRequest {
  readonly cookie: string | null
  readonly epoch: string | null
  readonly tables: readonly string[]
  readonly full?: readonly string[]
  readonly ranges?: Readonly<Record<string, readonly WireRange[]>>
  readonly limit?: number
  readonly page?: unknown
}

/** Rows and the hash of each. */
export interface ExactRows {
  readonly rows: readonly Columns[]
  readonly hashes: readonly number[]
}

export interface ExactTablePage extends ExactRows {
  readonly gone?: readonly Key[]
  readonly scopes?: readonly { readonly column: string; readonly values: readonly unknown[] }[]
}

export interface ExactPullAnswer {
  readonly epoch: string
  readonly role: string
  readonly cookie: string
  readonly snapshot: string
  readonly reset: boolean
  readonly expired: boolean
  readonly missing: readonly string[]
  readonly tables: Readonly<Record<string, ExactTablePage>>
  readonly page: unknown
}

/** One change of a mutation on the wire. */
export interface ExactChange {
  readonly table: string
  readonly op: 'insert' | 'update' | 'delete'
  readonly key: Key
  readonly values?: Columns
  readonly or?: 'update'
  readonly at?: string
  readonly seq?: number
}

/** One atomic group. */
export interface ExactMutation {
  readonly id: number
  readonly changes: readonly ExactChange[]
}

export interface ExactRefusal {
  readonly code: string
  readonly message: string
  readonly table?: string | null
  /** Which change of the mutation was refused. */
  readonly change?: number | null
}

export type ExactResult =
  | { readonly id: number; readonly status: 'applied' }
  | { readonly id: number; readonly status: 'refused'; readonly error: ExactRefusal }
  | {
      readonly id: number
      readonly status: 'conflict'
      readonly change: number
      readonly row: Columns | null
    }

export interface ExactPushAnswer {
  readonly epoch: string
  readonly xid: string
  readonly last: number
  readonly results: readonly ExactResult[]
  readonly gap?: number
}

export interface ExactDigestRequest {
  readonly tables: Readonly<
    Record<string, { readonly ranges?: readonly WireRange[]; readonly buckets?: readonly number[] }>
  >
}

export type ExactTableDigest = Partial<ExactRows> & {
  /** Rows in each of the 256 buckets. */
  readonly counts?: readonly number[]
  /** XOR of the hashes in each bucket. */
  readonly xors?: readonly number[]
  readonly tooMany?: boolean
}

export interface ExactDigestAnswer {
  readonly epoch: string
  readonly snapshot: string
  readonly tables: Readonly<Record<string, ExactTableDigest>>
}

/** The three functions of exact sync. Each rejects with a `RemoteError`; its `serverCode` is `PGRST202` where they are not installed. */
export interface ExactFunctions {
  pull(request: ExactPullRequest): Promise<ExactPullAnswer>
  push(clientId: string, mutations: readonly ExactMutation[]): Promise<ExactPushAnswer>
  digest(request: ExactDigestRequest): Promise<ExactDigestAnswer>
}
