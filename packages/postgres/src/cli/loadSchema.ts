import type { AnyTable, Tables } from '@tidemark/core'
import { existsSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { CommandError } from '../errors.js'

const usual = [
  'tidemark.ts',
  'schema.ts',
  'src/tidemark.ts',
  'src/schema.ts',
  'src/lib/schema.ts',
  'src/lib/tidemark.ts',
]

/**
 * The tables that a module declares: those of its schema, or all that it exports.
 *
 * @param file a TypeScript or JavaScript module; left out: the first of the usual places that is there
 * @param directory what a relative path is resolved from
 * @throws CommandError `schema-missing`, `schema-unloadable`, `schema-empty`
 */
export async function loadSchema(file: string | undefined, directory: string): Promise<Tables> {
  const found = (file === undefined ? usual : [file])
    .map((name) => path.resolve(directory, name))
    .find((name) => existsSync(name))
  if (found === undefined)
    throw new CommandError('schema-missing', `Looked for ${file ?? usual.join(', ')} in ${directory}.`)
  const exported = await load(found)
  const tables = tablesOf(Object.values(exported))
  if (Object.keys(tables).length === 0) throw new CommandError('schema-empty', `It is ${found}.`)
  return tables
}

async function load(file: string): Promise<Record<string, unknown>> {
  try {
    return (await import(/* @vite-ignore */ pathToFileURL(file).href)) as Record<string, unknown>
  } catch (error) {
    throw new CommandError('schema-unloadable', `${file}: ${String(error)}`, error)
  }
}

function tablesOf(exported: readonly unknown[]): Tables {
  const schema = exported.find(isSchema)
  if (schema) return schema.tables
  return Object.fromEntries(exported.filter(isTable).map((table) => [table.name, table]))
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null

const isSchema = (value: unknown): value is { tables: Tables } =>
  isObject(value) && isObject(value.tables) && Object.values(value.tables).every(isTable)

const isTable = (value: unknown): value is AnyTable =>
  isObject(value) &&
  typeof value.name === 'string' &&
  Array.isArray(value.key) &&
  Array.isArray(value.scopes) &&
  isObject(value.row)
