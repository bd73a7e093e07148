/** What can go wrong with the service itself: a stable code, why it happens, and what to do next. */
export const catalogue = {
  'configuration-invalid': {
    why: 'A variable of the environment has a value it cannot take.',
    fix: 'Correct the variables that the message names; the README lists them all.',
  },
  'command-unknown': {
    why: 'The command line is not understood.',
    fix: 'Run `tidemark-pubsub --help`.',
  },
  'port-in-use': {
    why: 'Another program listens on the port.',
    fix: 'Stop that program, or set PUBSUB_PORT to another port.',
  },
  'listen-failed': {
    why: 'The system does not let the service listen.',
    fix: 'Check PUBSUB_HOST and PUBSUB_PORT; ports below 1024 need privileges.',
  },
  'database-unreachable': {
    why: 'The database does not answer.',
    fix: 'Check DATABASE_URL, and that the database runs.',
  },
  'migration-missing': {
    why: 'The database does not have the tables of the service, or its user may not use them.',
    fix: 'Run the output of `tidemark-pubsub sql` as a migration, and connect as a member of tidemark_pubsub.',
  },
  'role-missing': {
    why: 'The database user may not take the role of the users, and so cannot ask what they may see.',
    fix: 'Grant the roles of PUBSUB_ROLES to tidemark_pubsub: grant authenticated to tidemark_pubsub.',
  },
} as const satisfies Record<string, { why: string; fix: string }>

export type PubsubErrorCode = keyof typeof catalogue

/** The error class of the service. `code` never changes its meaning; `why` and `fix` are for people. */
export class PubsubError extends Error {
  override readonly name = 'PubsubError'
  readonly code: PubsubErrorCode
  readonly why: string
  readonly fix: string

  /** @param detail what it was in this case; never a secret */
  constructor(code: PubsubErrorCode, detail: string, cause?: unknown) {
    const { why, fix } = catalogue[code]
    super(`${why} ${detail}\n${fix}`, cause === undefined ? undefined : { cause })
    this.code = code
    this.why = why
    this.fix = fix
  }
}

/** The words of an error, or of all errors of a connection that was tried at several addresses. */
export function reasonOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(reasonOf).join('; ')
  return error instanceof Error ? error.message : String(error)
}
