import { existsSync } from 'node:fs'
import path from 'node:path'
import { downMigration, type Installed, migrationFor, nothing } from '../migration.js'
import { literal, relation } from '../quote.js'
import type { Command } from './command.js'
import { withDatabase } from './database.js'
import { installedByMigrations, installedInDatabase } from './installed.js'
import { loadSchema } from './loadSchema.js'

const usualMigrations = 'supabase/migrations'

/** `tidemark sql`: prints the migration for the declared tables, or what of it is new. */
export const sql: Command = {
  options: {
    schema: { type: 'string' },
    migrations: { type: 'string' },
    url: { type: 'string' },
    down: { type: 'boolean' },
  },
  async run({ schema, migrations, url, down }, { out, note, directory }) {
    if (down === true) {
      out(downMigration())
      return 0
    }
    const tables = await loadSchema(schema, directory)
    const installed = await installedSoFar({ migrations, url }, directory)
    const migration = migrationFor(tables, installed)
    out(migration)
    if (migration === '') note('Nothing is new.\n')
    const declared = new Set(Object.values(tables).map(({ name }) => relation(name)))
    for (const name of installed.tables.keys())
      if (!declared.has(name))
        note(
          `${name} is not declared any more. To end exact mode for it: select tidemark.uninstall(${literal(name)});\n`,
        )
    return 0
  },
}

async function installedSoFar(
  { migrations, url }: { migrations: string | undefined; url: string | undefined },
  directory: string,
): Promise<Installed> {
  if (url !== undefined) return withDatabase(url, installedInDatabase)
  const given = path.resolve(directory, migrations ?? usualMigrations)
  return migrations !== undefined || existsSync(given) ? installedByMigrations(given) : nothing
}
