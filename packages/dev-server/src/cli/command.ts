import { parseArgs } from 'node:util'

/** What the command line asks for. */
export interface Command {
  readonly directory: string
  readonly port: number | undefined
  readonly databaseUrl: string | undefined
  readonly reset: boolean
  readonly json: boolean
  readonly watch: boolean
  readonly help: boolean
}

export const usage = `tidemark-dev: an app's own Supabase, for development

  --dir <folder>    the app's folder, as \`supabase init\` makes it (supabase)
  --port <port>     of the API, instead of the one in config.toml; 0: any, for the database as well
  --db-url <url>    a PostgreSQL that runs already, instead of one of its own
  --reset           begins with an empty database: migrations and seeds run again
  --no-watch        does not look for new migrations
  --json            prints addresses and keys as one line of JSON
  --help            prints this
`

/** @throws TypeError that says what is wrong with the arguments */
export function readCommand(args: readonly string[]): Command {
  const { values } = parseArgs({
    args: [...args],
    allowNegative: true,
    options: {
      dir: { type: 'string', default: 'supabase' },
      port: { type: 'string' },
      'db-url': { type: 'string' },
      reset: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      watch: { type: 'boolean', default: true },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  if (values.port !== undefined && !/^\d+$/.test(values.port)) {
    throw new TypeError(`--port is ${values.port}, which is no number`)
  }
  return {
    directory: values.dir,
    port: values.port === undefined ? undefined : Number(values.port),
    databaseUrl: values['db-url'],
    reset: values.reset,
    json: values.json,
    watch: values.watch,
    help: values.help,
  }
}
