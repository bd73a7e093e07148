import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import type { Client } from 'pg'
import { CommandError } from '../errors.js'
import { dropSchema, type Installed, installStatement, type InstalledScope } from '../migration.js'
import { identifier } from '../quote.js'

const statements =
  /^(?:comment on schema tidemark is 'Tidemark kit (?<kit>\w+)'|select tidemark\.install\('(?<table>(?:[^']|'')*)'.*\)|select tidemark\.uninstall\('(?<removed>(?:[^']|'')*)'\)|(?<dropped>drop schema if exists tidemark cascade));$/gm

/**
 * What the migrations in a directory have installed, read in the order of their names.
 *
 * @throws CommandError `migrations-missing`
 */
export async function installedByMigrations(directory: string): Promise<Installed> {
  const names = await readdir(directory).catch((error: unknown) => {
    throw new CommandError('migrations-missing', `It is ${path.resolve(directory)}.`, error)
  })
  const files = names.filter((name) => name.endsWith('.sql')).sort()
  const texts = await Promise.all(files.map((name) => readFile(path.join(directory, name), 'utf8')))
  return installedBySql(texts.join('\n').replaceAll('\r\n', '\n'))
}

/** What a text of SQL has installed. */
export function installedBySql(sql: string): Installed {
  let kit: string | undefined
  const tables = new Map<string, string>()
  for (const [statement, ...found] of sql.matchAll(statements)) {
    const [version, table, removed] = found as (string | undefined)[]
    if (version !== undefined) kit = version
    else if (table !== undefined) tables.set(table.replaceAll("''", "'"), statement)
    else if (removed !== undefined) tables.delete(removed.replaceAll("''", "'"))
    else if (statement === dropSchema) {
      kit = undefined
      tables.clear()
    }
  }
  return { kit, tables }
}

interface TableRow {
  readonly schema: string
  readonly name: string
  readonly key: readonly string[]
  readonly owner: string | null
  readonly scopes: readonly InstalledScope[]
}

/** What a database has. */
export async function installedInDatabase(client: Client): Promise<Installed> {
  const { rows } = await client.query<{ kit: string | null; there: boolean }>(
    `select to_regclass('tidemark.tables') is not null as there,
      substring(obj_description(to_regnamespace('tidemark'), 'pg_namespace') from 'Tidemark kit (\\w+)') as kit`,
  )
  if (rows[0]?.there !== true) return { kit: undefined, tables: new Map() }
  const tables = await client.query<TableRow>(`
    select n.nspname as schema, c.relname as name, t.key, t.owner, t.scopes
    from tidemark.tables t join pg_class c on c.oid = t.relation join pg_namespace n on n.oid = c.relnamespace`)
  const statements = tables.rows.map(({ schema, name, key, owner, scopes }): [string, string] => {
    const relation = `${identifier(schema)}.${identifier(name)}`
    return [relation, installStatement({ relation, key, owner: owner ?? undefined, scopes })]
  })
  return { kit: rows[0].kit ?? undefined, tables: new Map(statements) }
}
