import type { Columns } from './json.js'

/**
 * Every error of the core: a stable code, why it happens, and what to do next.
 * The docs page of errors is made from this catalogue.
 */
export const catalogue = {
  'schema-invalid': {
    why: 'A declaration contradicts itself.',
    fix: 'Correct the declaration that the message names.',
  },
  'not-started': {
    why: 'No user is signed in to Tidemark.',
    fix: 'Await tide.start(userId) before reading or writing.',
  },
  'row-invalid': {
    why: 'The row does not fit its schema.',
    fix: 'Correct the columns in `issues` and write again; nothing was stored.',
  },
  'row-missing': {
    why: 'There is no such row on this device.',
    fix: 'Read the row before you change it, or insert it.',
  },
  'row-exists': {
    why: 'A row with this key is there already.',
    fix: 'Update it, or insert with another key.',
  },
  'key-changed': {
    why: 'The primary key of a row cannot be changed.',
    fix: 'Delete the row and insert one with the new key.',
  },
  'not-owner': {
    why: 'The row belongs to another user.',
    fix: "Write only rows whose owner column holds the signed-in user's id.",
  },
  guarded: {
    why: 'A guard of the table refused the write.',
    fix: 'Tell the user the sentence in the message.',
  },
  'query-invalid': {
    why: 'The query asks for something the table does not have.',
    fix: 'Use declared columns and the operators of the docs.',
  },
  'storage-failed': {
    why: 'The local database refused the work.',
    fix: 'Free storage or leave private browsing, then write again; the write was taken back.',
  },
  'storage-full': {
    why: 'The device has no room left for this app.',
    fix: 'Free storage, then write again; the write was taken back.',
  },
  'storage-blocked': {
    why: 'Another tab holds an older version of the local database open.',
    fix: 'Close or reload the other tabs of this app.',
  },
  'storage-superseded': {
    why: 'A newer version of the app has taken over the local database.',
    fix: 'Reload this tab.',
  },
  offline: { why: 'The server cannot be reached.', fix: 'Nothing: it is tried again by itself.' },
  'server-busy': {
    why: 'The server could not take the request now.',
    fix: 'Nothing: it is tried again by itself.',
  },
  'sign-in': { why: 'The session has expired.', fix: 'Sign in again; pending writes are kept.' },
  refused: { why: 'The server refused the write.', fix: 'Retry, edit or discard the parked mutation.' },
  hidden: {
    why: 'The row is gone, or the policies do not let this user change it.',
    fix: 'Retry, edit or discard the parked mutation.',
  },
  'group-refused': {
    why: 'Another write of the same group was refused.',
    fix: 'Retry, edit or discard the parked mutation.',
  },
  'rows-invalid': {
    why: 'A row from the server does not fit its schema.',
    fix: 'Correct the declaration or the row; it is kept in quarantine meanwhile.',
  },
  'pending-left': {
    why: 'There are writes that could not be sent.',
    fix: "Wait for the network, deal with what is parked, or sign out with pending 'keep' or 'discard'.",
  },
  'parked-missing': {
    why: 'There is no such parked mutation.',
    fix: 'Read tide.outbox.parked$ for what is parked now.',
  },
} as const satisfies Record<string, { why: string; fix: string }>

export type ErrorCode = keyof typeof catalogue

/** What an error is about. */
export interface ErrorSubject {
  readonly table?: string
  readonly key?: unknown
  readonly cause?: unknown
}

/** The error class of the core. `code` never changes its meaning; `why` and `fix` are for people. */
export class TidemarkError extends Error {
  override readonly name: string = 'TidemarkError'
  readonly code: ErrorCode
  readonly table: string | undefined
  readonly key: unknown
  readonly why: string
  readonly fix: string

  constructor(code: ErrorCode, message?: string, subject: ErrorSubject = {}) {
    const { why, fix } = catalogue[code]
    super(message ?? `${why} ${fix}`, subject.cause === undefined ? undefined : { cause: subject.cause })
    this.code = code
    this.table = subject.table
    this.key = subject.key
    this.why = why
    this.fix = fix
  }
}

/** One thing that is wrong with a row. */
export interface RowIssue {
  readonly path: readonly (string | number)[]
  readonly message: string
}

/** A row that does not fit its schema, with what is wrong in it. */
export class ValidationError extends TidemarkError {
  override readonly name = 'ValidationError'
  readonly issues: readonly RowIssue[]

  constructor(issues: readonly RowIssue[], subject: ErrorSubject) {
    const list = issues.map((issue) => `${issue.path.join('.') || 'row'}: ${issue.message}`).join('; ')
    super('row-invalid', `${subject.table ?? 'The row'} does not fit its schema: ${list}`, subject)
    this.issues = issues
  }
}

/** A write that a guard or an owner column does not allow. */
export class GuardError extends TidemarkError {
  override readonly name = 'GuardError'
}

/** IndexedDB refused or lost the work. */
export class StorageError extends TidemarkError {
  override readonly name = 'StorageError'
}

/** An error as data: what crosses to other tabs and lies in the outbox. */
export interface ErrorRecord {
  readonly code: ErrorCode
  readonly message: string
  /** HTTP status, 0 when there was no answer. */
  readonly status?: number
  /** SQLSTATE or the server's own code. */
  readonly serverCode?: string
  readonly details?: Columns
}

/** The data of any thrown value; an unknown one keeps its message under `fallback`. */
export function toErrorRecord(error: unknown, fallback: ErrorCode): ErrorRecord {
  if (error instanceof TidemarkError) {
    const { status, serverCode } = error as { status?: number; serverCode?: string }
    return {
      code: error.code,
      message: error.message,
      ...(status !== undefined && { status }),
      ...(serverCode !== undefined && { serverCode }),
    }
  }
  return { code: fallback, message: error instanceof Error ? error.message : String(error) }
}
