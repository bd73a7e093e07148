import { CommandError } from '../errors.js'
import type { FoundTable } from './catalog.js'
import { enumsOf } from './columns.js'
import { declarationSource, foundSource, tableName } from './declaration.js'

const begin = '// tidemark gen: '
const end = '// tidemark gen: end'

/** What became of a file of declarations. */
export interface Merged {
  readonly text: string
  /** Tables that the file had not before. */
  readonly added: readonly string[]
  /** Tables of the file that the database does not have. */
  readonly gone: readonly string[]
}

/**
 * Writes what the database says into a file of declarations. Only what stands between the marked lines is written; everything
 * else is kept as it is.
 *
 * @param before the file as it is; `undefined` when there is none
 * @throws CommandError `file-foreign`
 */
export function merge(before: string | undefined, tables: readonly FoundTable[], file: string): Merged {
  const enums = enumsOf(tables.flatMap(({ columns }) => columns)).join('\n')
  if (before === undefined)
    return { text: wholeFile(tables, enums), added: tables.map(({ name }) => name), gone: [] }
  const known = regionsOf(before)
  if (known.length === 0) throw new CommandError('file-foreign', `It is ${file}.`)
  const added = tables.filter(({ name }) => !known.includes(name))
  const kept = tables.filter(({ name }) => known.includes(name))
  const written = kept.reduce(
    (text, table) => replaceRegion(text, table.name, foundSource(table)),
    withEnums(before, enums),
  )
  return {
    text: insertBeforeSchema(written, added.map(tableSource).join('\n\n')),
    added: added.map(({ name }) => name),
    gone: known.filter((name) => name !== 'enums' && !tables.some((table) => table.name === name)),
  }
}

function wholeFile(tables: readonly FoundTable[], enums: string): string {
  const names = tables.map(tableName).join(', ')
  return `${[
    `import { defineSchema, defineTable } from '@tidemark/core'\nimport { z } from 'zod'`,
    ...(enums === '' ? [] : [region('enums', enums)]),
    ...tables.map(tableSource),
    `export const schema = defineSchema({ version: 1, tables: { ${names} } })`,
  ].join('\n\n')}\n`
}

const tableSource = (table: FoundTable): string =>
  `${region(table.name, foundSource(table))}\n${declarationSource(table)}`

const region = (name: string, source: string): string => `${begin}${name}\n${source}\n${end}`

const regionsOf = (text: string): string[] =>
  text
    .split('\n')
    .filter((line) => line.startsWith(begin) && line.trimEnd() !== end)
    .map((line) => line.slice(begin.length).trimEnd())

function replaceRegion(text: string, name: string, source: string): string {
  const lines = text.split('\n')
  const from = lines.findIndex((line) => line.trimEnd() === begin + name)
  const to = lines.findIndex((line, at) => at > from && line.trimEnd() === end)
  if (from < 0 || to < 0) return text
  return [...lines.slice(0, from + 1), source, ...lines.slice(to)].join('\n')
}

/** The enums come before all that uses them. */
function withEnums(text: string, enums: string): string {
  if (regionsOf(text).includes('enums')) return replaceRegion(text, 'enums', enums)
  if (enums === '') return text
  return text.replace(begin, () => `${region('enums', enums)}\n\n${begin}`)
}

function insertBeforeSchema(text: string, source: string): string {
  if (source === '') return text
  const at = text.search(/^export const schema\b/m)
  if (at < 0) return `${text.trimEnd()}\n\n${source}\n`
  return `${text.slice(0, at)}${source}\n\n${text.slice(at)}`
}
