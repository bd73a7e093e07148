/** What can go wrong in the `tidemark` command: a stable code, why it happens, and what to do next. */
export const catalogue = {
  usage: {
    why: 'The command was not understood.',
    fix: 'Run `tidemark help`.',
  },
  'schema-missing': {
    why: 'There is no file with the declarations of the tables.',
    fix: 'Name it with --schema, as in `tidemark sql --schema src/schema.ts`.',
  },
  'schema-unloadable': {
    why: 'The file with the declarations does not load in Node.',
    fix: 'Use Node 22.18 or newer, and relative imports with their file endings, in that file and those it imports.',
  },
  'schema-empty': {
    why: 'The file exports no schema and no table.',
    fix: 'Export what defineSchema or defineTable gives.',
  },
  'url-missing': {
    why: 'The command needs a database.',
    fix: 'Name it with --url postgres://…, or in the variable DATABASE_URL.',
  },
  'database-unreachable': {
    why: 'The database does not answer.',
    fix: 'Check the URL, and that the database runs.',
  },
  'migrations-missing': {
    why: 'The directory of migrations is not there.',
    fix: 'Correct --migrations; it is resolved from the current directory.',
  },
  'file-foreign': {
    why: 'The file is not one that `tidemark gen` has written.',
    fix: 'Name another one with --out, or keep the lines that `tidemark gen` marks.',
  },
} as const satisfies Record<string, { why: string; fix: string }>

export type CommandErrorCode = keyof typeof catalogue

/** The error class of the command. `code` never changes its meaning; `why` and `fix` are for people. */
export class CommandError extends Error {
  override readonly name = 'CommandError'
  readonly code: CommandErrorCode
  readonly why: string
  readonly fix: string

  /** @param detail what it was in this case: a path, the words of Postgres */
  constructor(code: CommandErrorCode, detail: string, cause?: unknown) {
    const { why, fix } = catalogue[code]
    super(`${why} ${detail}\n${fix}`, cause === undefined ? undefined : { cause })
    this.code = code
    this.why = why
    this.fix = fix
  }
}
