#!/usr/bin/env node
import { parseArgs } from 'node:util'
import { readConfiguration } from './configuration.js'
import { PubsubError, reasonOf } from './errors.js'
import { migrationSql } from './files.js'
import { startPubsub } from './service.js'

const help = `tidemark-pubsub        runs the service; its environment is in the README
tidemark-pubsub --dev  runs it on an embedded PostgreSQL with demo entities
tidemark-pubsub sql    prints the migration
`

type Command = () => Promise<void>
const print = (text: string) => void process.stdout.write(text)

function commandOf(parameters: string[]): Command {
  const { values, positionals } = parse(parameters)
  const [command, ...more] = positionals
  if (values.help === true) return () => Promise.resolve(print(help))
  if (command === undefined) return values.dev === true ? runDev : run
  if (command === 'sql' && more.length === 0) return async () => print(await migrationSql())
  throw new PubsubError('command-unknown', `It was: ${parameters.join(' ')}`)
}

async function run(): Promise<void> {
  stopOnSignal(await startPubsub(readConfiguration(process.env)))
}

/** Loads the embedded PostgreSQL only where it is wanted. */
async function runDev(): Promise<void> {
  const { startDevPubsub } = await import('./dev.js')
  const dev = await startDevPubsub(process.env)
  print(
    `PubSub    ${dev.url}\nSupabase  ${dev.apiUrl}\nPostgres  ${dev.databaseUrl}\nToken     ${dev.token}\n`,
  )
  stopOnSignal(dev)
}

/** The first signal drains; a second one does not wait. */
function stopOnSignal({ stop }: { readonly stop: () => Promise<void> }): void {
  const signals = ['SIGINT', 'SIGTERM'] as const
  for (const signal of signals) {
    process.once(signal, () => {
      for (const again of signals) process.once(again, () => process.exit(1))
      stop().then(
        () => process.exit(),
        (error: unknown) => fail(error),
      )
    })
  }
}

function fail(error: unknown): void {
  process.stderr.write(`${reasonOf(error)}\n`)
  process.exitCode = 1
}

function parse(parameters: string[]) {
  try {
    return parseArgs({
      args: parameters,
      allowPositionals: true,
      options: { help: { type: 'boolean', short: 'h' }, dev: { type: 'boolean' } },
    })
  } catch (error) {
    throw new PubsubError('command-unknown', reasonOf(error), error)
  }
}

try {
  await commandOf(process.argv.slice(2))()
} catch (error) {
  fail(error)
}
