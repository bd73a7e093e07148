import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { type Client, DatabaseError } from 'pg'
import { DevServerError } from './errors.js'

/** What is to be run on a fresh database. Paths are resolved from the current directory. */
export interface MigrationOptions {
  /** Directories of `*.sql` files, as the Supabase CLI keeps them. */
  readonly migrations: readonly string[]
  /** SQL files that run once, after the first migrations. */
  readonly seed: readonly string[]
}

interface SqlFile {
  readonly path: string
  /** The leading number of the file name, or the whole name where there is none. */
  readonly version: string
  readonly name: string
}

/**
 * Applies what has not been applied yet, all directories together in order of file name, each file in
 * a transaction of its own, and records it where the Supabase CLI does.
 * @returns the names of the files that were applied now, seeds included
 * @throws DevServerError `migrations-missing`, `migration-failed`
 */
export async function migrate(client: Client, { migrations, seed }: MigrationOptions): Promise<string[]> {
  const files = await listFiles(migrations)
  if (files.length + seed.length === 0) return []
  await client.query(recordTables)
  return [...(await applyMigrations(client, files)), ...(await applySeeds(client, seed))]
}

const recordTables = `
set client_min_messages = warning;
create schema if not exists supabase_migrations;
create table if not exists supabase_migrations.schema_migrations (
  version text primary key, statements text[], name text
);
create table if not exists supabase_migrations.seed_files (path text primary key, hash text not null);`

async function applyMigrations(client: Client, files: readonly SqlFile[]): Promise<string[]> {
  const { rows } = await client.query<{ version: string }>(
    'select version from supabase_migrations.schema_migrations',
  )
  const applied = new Set(rows.map((row) => row.version))
  const pending = files.filter((file) => !applied.has(file.version))
  for (const file of pending) {
    const sql = await readSql(file.path)
    const record = 'insert into supabase_migrations.schema_migrations values ($1, array[$2], $3)'
    await apply(client, file.path, sql, record, [file.version, sql, file.name])
  }
  return pending.map((file) => path.basename(file.path))
}

async function applySeeds(client: Client, seed: readonly string[]): Promise<string[]> {
  const { rows } = await client.query<{ path: string }>('select path from supabase_migrations.seed_files')
  const applied = new Set(rows.map((row) => row.path))
  const pending = seed.filter((file) => !applied.has(path.basename(file)))
  for (const file of pending) {
    const sql = await readSql(file)
    const hash = createHash('sha256').update(sql).digest('hex')
    const record = 'insert into supabase_migrations.seed_files values ($1, $2)'
    await apply(client, file, sql, record, [path.basename(file), hash])
  }
  return pending.map((file) => path.basename(file))
}

/** Settings that a file makes, such as the search path of a dump, end with it, and so do its temporary tables and locks. */
async function apply(client: Client, file: string, sql: string, record: string, values: string[]) {
  try {
    await client.query('begin')
    await client.query(sql)
    await client.query('reset all; reset role')
    await client.query(record, values)
    await client.query('commit')
    await client.query('discard all')
  } catch (error) {
    await client.query('rollback')
    throw new DevServerError('migration-failed', describe(file, sql, error), error)
  }
}

function describe(file: string, sql: string, error: unknown): string {
  if (!(error instanceof DatabaseError)) return `${file}: ${String(error)}`
  const place = error.position === undefined ? '' : `:${lineAndColumn(sql, Number(error.position))}`
  const more = [error.detail, error.hint, error.where].filter((line) => line !== undefined)
  return [`${file}${place}: ${error.message} (${error.code ?? ''})`, ...more].join('\n')
}

function lineAndColumn(sql: string, position: number): string {
  const lines = Array.from(sql)
    .slice(0, position - 1)
    .join('')
    .split('\n')
  return `${String(lines.length)}:${String((lines.at(-1) ?? '').length + 1)}`
}

async function listFiles(directories: readonly string[]): Promise<SqlFile[]> {
  const listed = await Promise.all(directories.map(listDirectory))
  const files = listed.flat().sort((a, b) => compare(path.basename(a.path), path.basename(b.path)))
  const twice = files.find((file, index) =>
    files.slice(0, index).some((other) => other.version === file.version),
  )
  if (twice) throw new DevServerError('migration-failed', `${twice.path}: another file has its version.`)
  return files
}

async function listDirectory(directory: string): Promise<SqlFile[]> {
  const names = await readdir(directory).catch((error: unknown) => {
    throw new DevServerError('migrations-missing', `It is ${path.resolve(directory)}.`, error)
  })
  return names.filter((name) => name.endsWith('.sql')).map((name) => toFile(directory, name))
}

function toFile(directory: string, name: string): SqlFile {
  const [, version = path.basename(name, '.sql'), title = ''] = /^(\d+)_(.*)\.sql$/.exec(name) ?? []
  return { path: path.join(directory, name), version, name: title }
}

/** The order of bytes: the same on every system, unlike that of a language. */
const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)

async function readSql(file: string): Promise<string> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new DevServerError('migrations-missing', `It is ${path.resolve(file)}.`, error)
  })
  return text.replace(/^\uFEFF/, '')
}
