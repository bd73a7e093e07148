import type { Column, SchemaCatalog, Table } from '../catalog/catalog.js'
import type { Relationship } from '../catalog/relationship.js'
import { defaultValue, typeWords } from './types.js'

/** A table as a JSON schema. */
export function definitionOf(table: Table, schema: SchemaCatalog) {
  const relationships = schema.relationships.get(table.name) ?? []
  const required = table.columns.filter(({ isNullable }) => !isNullable).map(({ name }) => name)
  return {
    ...described(table.description),
    ...(required.length > 0 && { required }),
    properties: Object.fromEntries(
      table.columns.map((column) => [column.name, propertyOf(column, table, relationships)]),
    ),
    type: 'object',
  }
}

export const described = (description: string | null) => (description === null ? {} : { description })

function propertyOf(column: Column, table: Table, relationships: readonly Relationship[]) {
  const { type, labels, maxLength } = column
  return {
    ...described(noted(column, table, relationships)),
    ...defaultValue(type, column.default),
    ...(labels.length > 0 && { enum: labels }),
    ...(maxLength !== null && { maxLength }),
    ...typeWords(type),
  }
}

/** Type generators find keys by these notes. */
function noted({ name, description }: Column, { primaryKey }: Table, relationships: readonly Relationship[]) {
  const foreign = relationships
    .filter((one) => (one.kind === 'many-to-one' || one.kind === 'one-to-one') && one.columns.length === 1)
    .sort((a, b) => Number(a.foreignIsView) - Number(b.foreignIsView))
    .flatMap((one) =>
      'columns' in one && one.columns[0]?.[0] === name ? [{ one, key: one.columns[0][1] }] : [],
    )[0]
  const notes = [
    ...(primaryKey.includes(name) ? ['This is a Primary Key.<pk/>'] : []),
    ...(foreign ? [foreignNote(foreign.one.foreign.name, foreign.key)] : []),
  ]
  if (notes.length === 0) return description
  return [...(description === null ? [] : [`${description}\n`]), 'Note:', ...notes].join('\n')
}

const foreignNote = (table: string, column: string) =>
  `This is a Foreign Key to \`${table}.${column}\`.<fk table='${table}' column='${column}'/>`
