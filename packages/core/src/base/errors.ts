/**
 * Every error of the core: a stable code, why it happens, and what to do next.
 * The docs page of errors is made from this catalogue.
 */
export const catalogue = {
  'schema-invalid': { why: 'A declaration contradicts itself.', fix: 'Correct what the message names.' },
  'not-started': { why: 'Nobody is signed in.', fix: 'Await tide.start(userId) first.' },
  'row-invalid': {
    why: 'The row does not fit its schema.',
    fix: 'Correct what `issues` names and write again.',
  },
  'row-missing': { why: 'There is no such row here.', fix: 'Insert it, or wait until it is pulled.' },
  'row-exists': { why: 'A row with this key is there.', fix: 'Update it, or use another key.' },
  'key-changed': { why: 'A key cannot be changed.', fix: 'Delete the row and insert a new one.' },
  'not-owner': { why: 'The row belongs to another user.', fix: "Write only the signed-in user's rows." },
  guarded: { why: 'A guard refused the write.', fix: 'Show the message to the user.' },
  'query-invalid': { why: 'The table cannot answer the query.', fix: 'Correct what the message names.' },
  'storage-failed': {
    why: 'The local database failed.',
    fix: 'Free storage or leave private browsing, then write again.',
  },
  'storage-full': { why: 'The device has no room left.', fix: 'Free storage, then write again.' },
  'storage-blocked': {
    why: 'Another tab holds an older database open.',
    fix: "Close or reload the app's other tabs.",
  },
  'storage-superseded': { why: 'A newer version of the app has taken over.', fix: 'Reload this tab.' },
  offline: { why: 'The server cannot be reached.', fix: 'Nothing: it is tried again.' },
  'server-busy': { why: 'The server cannot do it now.', fix: 'Nothing: it is tried again.' },
  'sign-in': { why: 'The session has expired.', fix: 'Sign in again; pending writes are kept.' },
  refused: { why: 'The server refused the write.', fix: 'Retry, edit or discard it.' },
  hidden: { why: 'The row is gone or hidden by a policy.', fix: 'Retry, edit or discard the write.' },
  'rows-invalid': {
    why: 'A server row does not fit its schema.',
    fix: 'Correct the declaration or the row.',
  },
  'pending-left': {
    why: 'Some writes could not be sent.',
    fix: 'Go online, deal with what is parked, or keep or discard them.',
  },
  'parked-missing': { why: 'There is no such parked write.', fix: 'Read tide.outbox.parked$.' },
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
  readonly status?: number | undefined
  /** SQLSTATE or the server's own code. */
  readonly serverCode?: string | undefined
}

/** The data of any thrown value; an unknown one keeps its message under `fallback`. */
export function toErrorRecord(error: unknown, fallback: ErrorCode): ErrorRecord {
  if (!(error instanceof TidemarkError)) return { code: fallback, message: String(error) }
  const { status, serverCode } = error as { status?: number; serverCode?: string }
  return { code: error.code, message: error.message, status, serverCode }
}
