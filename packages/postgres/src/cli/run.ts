import { parseArgs } from 'node:util'
import { CommandError } from '../errors.js'
import type { Command, Given, Surroundings } from './command.js'
import { doctor } from './doctor.js'
import { gen } from './gen.js'
import { sql } from './sql.js'

const commands: Readonly<Record<string, Command>> = { sql, doctor, gen }

const help = `tidemark sql     prints the migration for the declared tables; a second run prints only what is new
  --schema <file>       the module that exports the schema
  --migrations <dir>    what is there already is read from here; default: supabase/migrations
  --url <postgres://…>  or from this database
  --down                prints the way back
tidemark doctor  says what is wrong or risky in a database; exit code 1: warnings, 2: errors
  --url <postgres://…>  default: the variable DATABASE_URL
  --schema <file>       as above
  --json                for programs
tidemark gen     writes declarations from a database, and keeps what was written by hand
  --url <postgres://…>  default: the variable DATABASE_URL
  --out <file>          default: src/schema.ts
  --tables <a,b>        only these
`

/**
 * Runs the command line.
 *
 * @param args what stands after `tidemark`
 * @returns the exit code; 2 also for what could not be done
 */
export async function run(args: readonly string[], surroundings: Surroundings): Promise<number> {
  const [name = 'help', ...rest] = args
  if (['help', '--help', '-h'].includes(name)) {
    surroundings.out(help)
    return 0
  }
  try {
    const command = Object.hasOwn(commands, name) ? commands[name] : undefined
    if (!command) throw new CommandError('usage', `There is no command '${name}'.`)
    return await command.run(optionsOf(command, rest), surroundings)
  } catch (error) {
    if (!(error instanceof CommandError)) throw error
    surroundings.note(`${error.message}\n`)
    return 2
  }
}

function optionsOf({ options }: Command, args: readonly string[]): Given {
  try {
    return parseArgs({ args: [...args], options, strict: true }).values
  } catch (error) {
    throw new CommandError('usage', error instanceof Error ? error.message : String(error), error)
  }
}
