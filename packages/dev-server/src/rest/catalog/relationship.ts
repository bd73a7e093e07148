/** A table by its full name. */
export interface TableName {
  readonly schema: string
  readonly name: string
}

/** A column of the one side, and its counterpart on the other. */
export type ColumnPair = readonly [own: string, other: string]

interface Between {
  readonly table: TableName
  /** The table that is embedded. */
  readonly foreign: TableName
  readonly isSelf: boolean
  readonly foreignIsView: boolean
}

/** Rows found by one foreign key, in the direction the kind says. */
export interface ForeignKeyRelationship extends Between {
  readonly kind: 'many-to-one' | 'one-to-one' | 'one-to-many'
  readonly constraint: string
  readonly columns: readonly ColumnPair[]
}

/** Rows found through a table that refers to both. */
export interface JunctionRelationship extends Between {
  readonly kind: 'many-to-many'
  readonly junction: TableName
  readonly source: JunctionSide
  readonly target: JunctionSide
}

export interface JunctionSide {
  readonly constraint: string
  /** Columns of the table, and the columns of the junction that refer to them. */
  readonly columns: readonly ColumnPair[]
}

/** Rows that a function of the row gives. */
export interface ComputedRelationship extends Between {
  readonly kind: 'computed'
  readonly function: TableName
  readonly givesOne: boolean
}

export type Relationship = ForeignKeyRelationship | JunctionRelationship | ComputedRelationship

/** True when at most one row belongs to a row. */
export function isToOne(relationship: Relationship): boolean {
  if (relationship.kind === 'computed') return relationship.givesOne
  return relationship.kind === 'many-to-one' || relationship.kind === 'one-to-one'
}

export const sameTable = (a: TableName, b: TableName) => a.schema === b.schema && a.name === b.name

/** A table's name as the key of a map. */
export const keyOf = ({ schema, name }: TableName) => JSON.stringify([schema, name])
