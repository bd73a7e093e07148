import type { Tables } from '@tidemark/core'
import { examine } from '../doctor/examine.js'
import type { Finding } from '../doctor/finding.js'
import { CommandError } from '../errors.js'
import type { Command } from './command.js'
import { mustUrl, withDatabase } from './database.js'
import { loadSchema } from './loadSchema.js'

/** `tidemark doctor`: says what is wrong or risky in a database. Exit code 0: nothing; 1: warnings; 2: errors. */
export const doctor: Command = {
  options: { url: { type: 'string' }, schema: { type: 'string' }, json: { type: 'boolean' } },
  async run({ url, schema, json }, { out, note, directory, environment }) {
    const declared = await declarations(schema, directory, note)
    const found = await withDatabase(mustUrl(url, environment), (client) =>
      examine({ client, declared, now: Date.now, longest: 60 }),
    )
    out(json === true ? `${JSON.stringify(found, undefined, 2)}\n` : found.map(text).join(''))
    if (found.length === 0) note('Nothing is wrong.\n')
    if (found.some(({ severity }) => severity === 'error')) return 2
    return found.length > 0 ? 1 : 0
  },
}

/** Without declarations there is still something to look at. */
async function declarations(
  schema: string | undefined,
  directory: string,
  note: (text: string) => void,
): Promise<Tables> {
  try {
    return await loadSchema(schema, directory)
  } catch (error) {
    if (schema !== undefined || !(error instanceof CommandError) || error.code !== 'schema-missing')
      throw error
    note('No declarations were found; only tables in exact mode are looked at. Name them with --schema.\n')
    return {}
  }
}

const text = ({ severity, code, table, message, fix }: Finding): string =>
  `${severity} ${code}${table === undefined ? '' : ` (${table})`}\n  ${message}\n  → ${fix}\n\n`
