import type { FoundTable } from './catalog.js'
import { columnSchema } from './columns.js'
import { constantName, property, quoted } from './names.js'

/** The constant that a table's declaration is exported as. */
export const tableName = ({ name }: Pick<FoundTable, 'name'>): string => constantName(name, 'Table')

/** What the database says of a table, as an object that `defineTable` takes. */
export function foundSource(table: FoundTable): string {
  const owner = ownerOf(table)
  const indexes = indexesOf(table)
  const generated = table.columns.filter((column) => column.generated).map(({ name }) => name)
  const lines = [
    `name: ${quoted(table.name)},`,
    `row: z.object({`,
    ...table.columns.map((column) => `  ${property(column.name)}: ${columnSchema(column)},`),
    `}),`,
    `key: ${table.key.length === 1 ? quoted(table.key[0] ?? '') : list(table.key)},`,
    ...(owner === undefined ? [] : [`owner: ${quoted(owner)},`]),
    ...(indexes.length === 0 ? [] : [`indexes: ${list(indexes)},`]),
    ...(generated.length === 0 ? [] : [`generated: ${list(generated)},`]),
  ]
  return [`const ${foundName(table)} = {`, ...lines.map((line) => `  ${line}`), `} as const`].join('\n')
}

/** The constant that holds what the database says. */
export const foundName = (table: Pick<FoundTable, 'name'>): string => `${tableName(table)}Found`

/** The part that people write in: made once, and then kept. */
export const declarationSource = (table: FoundTable): string =>
  `export const ${tableName(table)} = defineTable({ ...${foundName(table)} })`

const list = (names: readonly string[]): string => `[${names.map(quoted).join(', ')}]`

const indexesOf = ({ indexes, columns, key }: FoundTable): string[] => {
  const known = new Set(columns.map(({ name }) => name))
  return indexes
    .filter(
      (names) => names.length > 0 && names.every((name) => known.has(name)) && names.join() !== key.join(),
    )
    .map((names) => (names.length === 1 ? (names[0] ?? '') : `[${names.join('+')}]`))
}

const ownedBy = /^\(+"?(\w+)"? = (?:auth\.uid\(\)|\( ?SELECT auth\.uid\(\)(?: AS uid)?\))\)+$/
const ownedByTurned = /^\(+(?:auth\.uid\(\)|\( ?SELECT auth\.uid\(\)(?: AS uid)?\)) = "?(\w+)"?\)+$/

/** The owner's column: what every policy for reading compares with the signed-in user, and nothing else. */
export function ownerOf({ policies }: Pick<FoundTable, 'policies'>): string | undefined {
  const columns = policies.map((policy) => (ownedBy.exec(policy) ?? ownedByTurned.exec(policy))?.[1])
  return new Set(columns).size === 1 ? columns[0] : undefined
}
