import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'

const directory = new URL('../sql/', import.meta.url)

/**
 * The fixed part of the migration: the schema `tidemark`, its tables and functions, and `tidemark_pull`, `tidemark_push` and
 * `tidemark_digest`. It may be run again at any time.
 */
export function kitSql(): string {
  const files = readdirSync(directory).sort()
  return files
    .map((file) => readFileSync(new URL(file, directory), 'utf8').replaceAll('\r\n', '\n'))
    .join('\n')
}

/** A short name for this version of the kit, made of its text. */
export const kitVersion = (sql = kitSql()): string =>
  createHash('sha256').update(sql).digest('hex').slice(0, 12)
