/** What can go wrong with the server itself: a stable code, why it happens, and what to do next. */
export const catalogue = {
  'host-refused': {
    why: 'The development server listens on this computer only.',
    fix: "Leave `host` out, or set it to '127.0.0.1'.",
  },
  'production-refused': {
    why: 'The development server has public keys and must not run in production.',
    fix: 'Use a hosted or self-hosted Supabase there, or unset NODE_ENV=production.',
  },
  'port-in-use': {
    why: 'Another program listens on the port.',
    fix: 'Stop that program, or start with another `port` (0 lets the system choose).',
  },
  'listen-failed': {
    why: 'The system does not let the server listen.',
    fix: 'Choose another `port`; ports below 1024 need privileges.',
  },
  'secret-too-short': {
    why: 'A secret of HS256 tokens needs 32 characters or more.',
    fix: 'Give a longer `jwtSecret`, or leave it out for the secret of the local stack.',
  },
  'option-invalid': {
    why: 'An option of the server has a value it cannot take.',
    fix: 'Correct the option that the message names.',
  },
  'postgres-missing': {
    why: 'There are no PostgreSQL programs to run.',
    fix: 'Install with optional dependencies, set PG_BIN to the bin directory of a PostgreSQL 15 or newer, or give a postgres:// URL.',
  },
  'postgres-account': {
    why: 'PostgreSQL does not run as root, and no other account may run it.',
    fix: 'Start as an ordinary user, or create an account named postgres.',
  },
  'postgres-failed': {
    why: 'PostgreSQL did not start.',
    fix: 'Read what it said in the message.',
  },
  'postgres-too-old': {
    why: 'The PostgreSQL is older than 15.',
    fix: 'Use PostgreSQL 15 or newer.',
  },
  'data-version': {
    why: 'The data directory was made by another major version of PostgreSQL.',
    fix: 'Use that version through PG_BIN, or give an empty directory.',
  },
  'directory-in-use': {
    why: 'Another development server uses the data directory.',
    fix: 'Stop that server, or give another directory.',
  },
  'database-unreachable': {
    why: 'The database does not answer.',
    fix: 'Check the URL, and that the database runs.',
  },
  'reset-unavailable': {
    why: 'The state to go back to is kept for databases of the server itself alone.',
    fix: "Use `database: 'temporary'` or { directory }.",
  },
  'copy-unavailable': {
    why: 'Only a database of a running development server can be copied.',
    fix: "Give the `databaseUrl` of one that was started with 'temporary' or { directory }.",
  },
  'privilege-missing': {
    why: 'The database user may not do what the server needs.',
    fix: 'Connect as a superuser, or let one create what the message names.',
  },
  'folder-missing': {
    why: "The app's folder is not there.",
    fix: 'Run in the directory above it, or name it with --dir; `supabase init` makes one.',
  },
  'config-invalid': {
    why: "The app's folder has a setting that cannot be.",
    fix: 'Correct what the message names.',
  },
  'migrations-missing': {
    why: 'A directory of migrations or a seed file is not there.',
    fix: 'Correct the path; it is resolved from the current directory.',
  },
  'migration-failed': {
    why: 'PostgreSQL refused a migration; nothing of that file was kept.',
    fix: 'Correct the file at the position in the message and start again.',
  },
  'control-invalid': {
    why: 'A control was sent something it does not understand.',
    fix: 'Send a JSON object as the readme shows it.',
  },
  'faults-invalid': {
    why: 'A fault has a value it cannot take.',
    fix: 'Probabilities are between 0 and 1, latencies are milliseconds from 0 on.',
  },
} as const satisfies Record<string, { why: string; fix: string }>

export type DevServerErrorCode = keyof typeof catalogue

/** The error class of the server. `code` never changes its meaning; `why` and `fix` are for people. */
export class DevServerError extends Error {
  override readonly name = 'DevServerError'
  readonly code: DevServerErrorCode
  readonly why: string
  readonly fix: string
  /** What it was in this case. */
  readonly detail: string

  /** @param detail what it was in this case: a path, a port, the words of PostgreSQL */
  constructor(code: DevServerErrorCode, detail: string, cause?: unknown) {
    const { why, fix } = catalogue[code]
    super(`${why} ${detail}\n${fix}`, cause === undefined ? undefined : { cause })
    this.code = code
    this.why = why
    this.detail = detail
    this.fix = fix
  }
}
