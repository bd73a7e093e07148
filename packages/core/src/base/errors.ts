/**
 * Every error of the core: a stable code, why it happens, and what to do next, in the fewest words: they are in every app's bundle.
 * The docs say more.
 */
export const catalogue = {
  'schema-invalid': ['A declaration is wrong.', 'Correct it.'],
  'not-started': ['Nobody is signed in.', 'Await tide.start(userId).'],
  'row-invalid': ['The row does not fit its schema.', 'Correct it.'],
  'row-missing': ['There is no such row here.', 'Insert it.'],
  'row-exists': ['The row is there.', 'Update it.'],
  'key-changed': ['A key cannot be changed.', 'Delete and insert it.'],
  'not-owner': ["The row is another user's.", 'Write your own rows.'],
  guarded: ['A guard refused the write.', 'Show the message.'],
  'too-large': ['The write is too large.', 'Split it.'],
  'query-invalid': ['The query is wrong.', 'Correct it.'],
  'storage-failed': ['The local database failed.', 'Free storage.'],
  'storage-missing': ['There is no local database.', 'Allow storage.'],
  'storage-full': ['There is no room left.', 'Free storage.'],
  'storage-blocked': ['Another tab has an older version.', 'Close the other tabs.'],
  'storage-superseded': ['A newer version has taken over.', 'Reload this tab.'],
  offline: ['The server cannot be reached.', 'It is tried again.'],
  'server-busy': ['The server cannot do it now.', 'It is tried again.'],
  'sign-in': ['The session has expired.', 'Sign in again.'],
  refused: ['The server refused the write.', 'Retry, edit or discard it.'],
  hidden: ['The row is gone or hidden.', 'Retry, edit or discard it.'],
  'rows-invalid': ['A server row does not fit its schema.', 'Correct one of them.'],
  'pending-left': ['Writes could not be sent.', 'Go online, keep or discard them.'],
  'parked-missing': ['It is not parked.', 'Read parked$.'],
} as const satisfies Record<string, readonly [why: string, fix: string]>

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
    const [why, fix] = catalogue[code]
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

/** The same as a schema tells it. */
interface SchemaIssue {
  readonly path: readonly PropertyKey[]
  readonly message: string
}

/** A row that does not fit its schema, with what is wrong in it. */
export class ValidationError extends TidemarkError {
  override readonly name = 'ValidationError'
  readonly issues: readonly RowIssue[]

  /** @param found what a schema says is wrong */
  constructor(found: readonly SchemaIssue[], subject: ErrorSubject) {
    const issues = found.map(({ path, message }) => ({
      path: path.map((part) => (typeof part === 'number' ? part : String(part))),
      message,
    }))
    const list = issues.map(({ path, message }) => `${path.join('.') || 'row'}: ${message}`).join('; ')
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
