#!/usr/bin/env node
import { parseArgs } from 'node:util'
import { PubsubError, reasonOf } from './errors.js'
import { migrationSql } from './files.js'

const help = `tidemark-pubsub sql    prints the migration
`

type Command = () => Promise<void>
const print = (text: string) => void process.stdout.write(text)

function commandOf(parameters: string[]): Command {
  const { values, positionals } = parse(parameters)
  const [command, ...more] = positionals
  if (values.help === true) return () => Promise.resolve(print(help))
  if (command === 'sql' && more.length === 0) return async () => print(await migrationSql())
  throw new PubsubError('command-unknown', `It was: ${parameters.join(' ')}`)
}

function parse(parameters: string[]) {
  try {
    return parseArgs({
      args: parameters,
      allowPositionals: true,
      options: { help: { type: 'boolean', short: 'h' } },
    })
  } catch (error) {
    throw new PubsubError('command-unknown', reasonOf(error), error)
  }
}

try {
  await commandOf(process.argv.slice(2))()
} catch (error) {
  process.stderr.write(`${reasonOf(error)}\n`)
  process.exitCode = 1
}
