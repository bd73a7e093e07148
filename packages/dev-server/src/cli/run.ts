import { mkdir, rm } from 'node:fs/promises'
import path from 'node:path'
import { DevServerError } from '../errors.js'
import type { DevServerOptions } from '../options.js'
import type { DatabaseOption } from '../postgres/database.js'
import { lastingHome } from '../postgres/home.js'
import { type DevServer, startDevServer } from '../startDevServer.js'
import { type Command, readCommand, usage } from './command.js'
import { type AppFolder, readFolder } from './config.js'
import { portOwner } from './portOwner.js'
import { factsOf, summaryOf } from './summary.js'
import { watch } from './watch.js'

/** Where the command finds and leaves things. */
export interface Surroundings {
  /** What was asked for: the summary, or JSON. */
  readonly out: (text: string) => void
  /** What happens meanwhile. */
  readonly note: (text: string) => void
  readonly directory: string
  readonly environment: NodeJS.ProcessEnv
  /** Aborted when it is to end. */
  readonly ending: AbortSignal
}

/** Runs the command until it is to end, and resolves with the exit code. */
export async function run(args: readonly string[], around: Surroundings): Promise<number> {
  try {
    const command = readCommand(args)
    if (command.help) around.out(usage)
    else await serve(command, around)
    return 0
  } catch (error) {
    if (!(error instanceof DevServerError) && !(error instanceof TypeError)) throw error
    around.note(`${error.message}\n`)
    return error instanceof TypeError ? 2 : 1
  }
}

async function serve(command: Command, around: Surroundings): Promise<void> {
  const directory = path.resolve(around.directory, command.directory)
  const folder = await readFolder(directory, around.environment)
  // A new project has none yet.
  await mkdir(folder.migrations, { recursive: true })
  const database = await databaseOf(command, folder, directory)
  const server = await start({
    ...folder.options,
    ...(command.port !== undefined && { port: command.port }),
    database,
    log: (message) => around.note(`${message}\n`),
  })
  try {
    around.out(command.json ? `${JSON.stringify(factsOf(server))}\n` : summaryOf(folder.name, server))
    const unwatch = command.watch ? watch(folder.migrations, () => apply(server, around)) : undefined
    await ended(around.ending)
    await unwatch?.()
  } finally {
    await server.stop()
  }
}

/** A database of its own lies where the Supabase CLI keeps what is not committed. */
async function databaseOf(
  { databaseUrl, reset, port }: Command,
  { databasePort }: AppFolder,
  directory: string,
): Promise<DatabaseOption> {
  if (databaseUrl === undefined) {
    const data = path.join(directory, '.temp', 'tidemark-dev')
    if (reset) await empty(data)
    return { directory: data, port: port === 0 ? 0 : databasePort }
  }
  if (reset) {
    const detail = '--reset with --db-url would empty a database that somebody else runs.'
    throw new DevServerError('option-invalid', detail)
  }
  return databaseUrl as `postgres://${string}`
}

/** @throws DevServerError `directory-in-use` */
async function empty(data: string): Promise<void> {
  const home = await lastingHome(data)
  await home.leave()
  await rm(data, { recursive: true, force: true, maxRetries: 5 })
}

async function start(options: DevServerOptions): Promise<DevServer> {
  return startDevServer(options).catch(async (error: unknown) => {
    if (!(error instanceof DevServerError) || error.code !== 'port-in-use') throw error
    const owner = await portOwner(options.port ?? 54321)
    throw owner === undefined ? error : new DevServerError('port-in-use', `${error.detail} ${owner}`, error)
  })
}

/** A mistake in a migration is told, and the server goes on with what there was. */
async function apply(server: DevServer, { note }: Surroundings): Promise<void> {
  try {
    const applied = await server.migrate()
    if (applied.length > 0) note(`Applied ${applied.join(', ')}\n`)
  } catch (error) {
    if (!(error instanceof DevServerError)) throw error
    note(`${error.message}\n`)
  }
}

const ended = (ending: AbortSignal): Promise<void> =>
  ending.aborted
    ? Promise.resolve()
    : new Promise((resolve) => ending.addEventListener('abort', () => resolve(), { once: true }))
