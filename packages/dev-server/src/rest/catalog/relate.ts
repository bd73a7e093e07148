import type { ForeignKey } from './foreignKeys.js'
import {
  type ColumnPair,
  type ComputedRelationship,
  type ForeignKeyRelationship,
  type JunctionRelationship,
  keyOf,
  type Relationship,
  sameTable,
  type TableName,
} from './relationship.js'
import type { ViewColumns } from './views.js'

/** A foreign key, or the image of one where one or both of its tables are seen through a view. */
type Reference = ForeignKeyRelationship & { readonly tableIsView: boolean }

/** What the tables of a database have to do with each other. */
export interface Ties {
  readonly foreignKeys: readonly ForeignKey[]
  readonly views: readonly ViewColumns[]
  readonly computed: readonly ComputedRelationship[]
  /** The primary key of a table or a view. */
  readonly primaryKey: (table: TableName) => readonly string[]
}

/** All relationships, each under the table in which the other can be embedded. */
export function relate({ foreignKeys, views, computed, primaryKey }: Ties): Map<string, Relationship[]> {
  const references = foreignKeys.flatMap((key) => referencesOf(key, views))
  const detected = [...references, ...references.map(inverse), ...junctions(references, primaryKey)]
  const overridden = new Set(computed.map((one) => pairKey(one.table, one.function)))
  const kept = detected.filter(({ table, foreign }) => !overridden.has(pairKey(table, foreign)))
  const byTable = new Map<string, Relationship[]>()
  for (const relationship of [...kept, ...computed]) {
    const key = keyOf(relationship.table)
    const known = byTable.get(key)
    if (known) known.push(relationship)
    else byTable.set(key, [relationship])
  }
  return byTable
}

const pairKey = (table: TableName, other: TableName) => keyOf(table) + keyOf(other)

/** The foreign key itself, and each way in which views show its columns on one side or on both. */
function referencesOf(key: ForeignKey, views: readonly ViewColumns[]): Reference[] {
  const own = seenAs(
    key.table,
    key.columns.map(([column]) => column),
    views,
  )
  const other = seenAs(
    key.foreign,
    key.columns.map(([, column]) => column),
    views,
  )
  return own.flatMap((table) =>
    other.map((foreign) => ({
      kind: key.isUnique ? 'one-to-one' : 'many-to-one',
      constraint: key.constraint,
      table: table.name,
      foreign: foreign.name,
      isSelf: sameTable(table.name, foreign.name),
      tableIsView: table.isView,
      foreignIsView: foreign.isView,
      columns: table.columns.map((column, place): ColumnPair => [column, foreign.columns[place] ?? column]),
    })),
  )
}

interface Seen {
  readonly name: TableName
  readonly columns: readonly string[]
  readonly isView: boolean
}

/** A table, and the views that show all of these columns; one that shows a column twice counts twice. */
function seenAs(
  { oid, schema, name }: ForeignKey['table'],
  columns: readonly string[],
  views: readonly ViewColumns[],
): Seen[] {
  const throughViews = views.flatMap(({ view, shown }) => {
    const ofTable = shown.get(oid)
    if (!ofTable) return []
    const ways = combinations(columns.map((column) => ofTable.get(column) ?? []))
    return ways.map((way) => ({ name: { schema: view.schema, name: view.name }, columns: way, isView: true }))
  })
  return [{ name: { schema, name }, columns, isView: false }, ...throughViews]
}

/** One of each list, in all ways. */
const combinations = (lists: readonly (readonly string[])[]): string[][] =>
  lists.reduce<string[][]>((ways, list) => ways.flatMap((way) => list.map((item) => [...way, item])), [[]])

const flip = ([own, other]: ColumnPair): ColumnPair => [other, own]

function inverse(reference: Reference): Reference {
  return {
    ...reference,
    kind: reference.kind === 'one-to-one' ? 'one-to-one' : 'one-to-many',
    table: reference.foreign,
    foreign: reference.table,
    tableIsView: reference.foreignIsView,
    foreignIsView: reference.tableIsView,
    columns: reference.columns.map(flip),
  }
}

/** A table joins two others when its primary key holds the columns of both foreign keys. */
function junctions(references: readonly Reference[], primaryKey: Ties['primaryKey']): JunctionRelationship[] {
  const many = references.filter(({ kind }) => kind === 'many-to-one')
  const byTable = new Map<string, Reference[]>()
  for (const reference of many) {
    const key = keyOf(reference.table)
    byTable.set(key, [...(byTable.get(key) ?? []), reference])
  }
  return [...byTable.values()].flatMap((ofTable) =>
    ofTable.flatMap((source) =>
      ofTable
        .filter((target) => target.constraint !== source.constraint && joins(source, target, primaryKey))
        .map((target) => junction(source, target)),
    ),
  )
}

function joins(source: Reference, target: Reference, primaryKey: Ties['primaryKey']): boolean {
  const key = primaryKey(source.table)
  return [...source.columns, ...target.columns].every(([column]) => key.includes(column))
}

const junction = (source: Reference, target: Reference): JunctionRelationship => ({
  kind: 'many-to-many',
  table: source.foreign,
  foreign: target.foreign,
  isSelf: sameTable(source.foreign, target.foreign),
  foreignIsView: target.foreignIsView,
  junction: source.table,
  source: { constraint: source.constraint, columns: source.columns.map(flip) },
  target: { constraint: target.constraint, columns: target.columns.map(flip) },
})
