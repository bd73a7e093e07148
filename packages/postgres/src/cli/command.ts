/** Where a command speaks, and where it stands. */
export interface Surroundings {
  /** Results. */
  readonly out: (text: string) => void
  /** Words for the person who runs it. */
  readonly note: (text: string) => void
  readonly directory: string
  readonly environment: Readonly<Record<string, string | undefined>>
}

/** What was given for the options that any command has. */
export interface Given {
  readonly schema?: string | undefined
  readonly migrations?: string | undefined
  readonly url?: string | undefined
  readonly out?: string | undefined
  readonly tables?: string | undefined
  readonly down?: boolean | undefined
  readonly json?: boolean | undefined
}

/** One word after `tidemark`. */
export interface Command {
  readonly options: Readonly<Record<string, { readonly type: 'string' | 'boolean' }>>
  /** Resolves with the exit code. */
  readonly run: (given: Given, surroundings: Surroundings) => Promise<number>
}
