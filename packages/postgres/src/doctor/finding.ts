import type { Tables } from '@tidemark/core'
import type { Client } from 'pg'

/** `error`: rows are lost, leaked or refused. `warning`: they may be. */
export type Severity = 'error' | 'warning'

/** Something that is wrong or risky. */
export interface Finding {
  /** Permanent. */
  readonly code: string
  readonly severity: Severity
  /** The table, as it is declared. */
  readonly table?: string
  readonly message: string
  /** What to do: SQL where SQL does it. */
  readonly fix: string
}

/** What a check looks at. */
export interface Patient {
  readonly client: Client
  /** Empty where no declarations were found. */
  readonly declared: Tables
  /** Milliseconds since the epoch, on this computer. */
  readonly now: () => number
  /** A transaction that is open longer than this, in s, is named. */
  readonly longest: number
}

export type Check = (patient: Patient) => Promise<Finding[]>
