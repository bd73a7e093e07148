import type { ColumnItem, Field } from '../grammar/ast.js'
import type { ReadNode } from '../resolve/node.js'
import { type Source, tableName } from '../sql/source.js'
import { ident, type Sql, sql } from '../sql/sql.js'
import { columnOf, fieldOf, nameOf } from './field.js'
import { typeName } from './typeName.js'

/** One column of what a `select` gives. */
export interface Output {
  /** Without the name it goes out under. */
  readonly value: Sql
  /** Undefined for all columns at once. */
  readonly name?: string
  /** What the value is to be aggregated with, here or further out. */
  readonly aggregate?: Aggregate
  /** The value is a whole row, of which only its being there counts. */
  readonly isRow?: true
}

export interface Aggregate {
  readonly function: string
  readonly cast?: string
}

/** The columns of a node's own rows, not yet aggregated. */
export function ownOutputs({ source, columns, embeds }: ReadNode, mustNameAll: boolean): Output[] {
  const items = columns.length === 0 && embeds.length === 0 ? [{ kind: 'all' as const }] : columns
  return items.flatMap((item) =>
    item.kind === 'all' ? allOutputs(source, mustNameAll) : toOutput(source, item),
  )
}

/** Each by its name where names are needed: to group by them, to give them on, or because one has a form of its own. */
function allOutputs(source: Source, mustNameAll: boolean): Output[] {
  const { name, table } = source
  const hasForms = table?.columns.some(({ forms }) => forms.toJson) ?? false
  if (!table || (!mustNameAll && !hasForms)) return [{ value: sql`${name}.*` }]
  return table.columns.map((column) => ({
    value: shown(source, { column: column.name, path: [] }),
    name: column.name,
  }))
}

/** A field as its domain wants to be seen. */
function shown(source: Source, field: Field): Sql {
  const value = fieldOf(source, field)
  const form = field.path.length === 0 ? columnOf(source, field.column)?.forms.toJson : undefined
  return form ? sql`${tableName(form)}(${value})` : value
}

function toOutput(source: Source, { field, alias, cast, aggregate, aggregateCast }: ColumnItem): Output {
  const isRow = field.column === '*'
  const plain = isRow ? sql`row(${source.row})` : shown(source, field)
  return {
    value: cast === undefined ? plain : sql`cast(${plain} as ${typeName(cast)})`,
    name: alias ?? aggregate ?? nameOf(field),
    ...(isRow && { isRow }),
    ...(aggregate !== undefined && {
      aggregate: { function: aggregate, ...(aggregateCast !== undefined && { cast: aggregateCast }) },
    }),
  }
}

const functions: Readonly<Record<string, Sql>> = {
  avg: sql`avg`,
  count: sql`count`,
  max: sql`max`,
  min: sql`min`,
  sum: sql`sum`,
}

/** The output as an element of a select list. */
export function selected({ value, name, aggregate, isRow }: Output): Sql {
  const computed = aggregate === undefined ? value : aggregated(isRow ? sql`*` : value, aggregate)
  return name === undefined ? computed : sql`${computed} as ${ident(name)}`
}

function aggregated(value: Sql, { function: name, cast }: Aggregate): Sql {
  const result = sql`${functions[name] ?? sql`count`}(${value})`
  return cast === undefined ? result : sql`cast(${result} as ${typeName(cast)})`
}
