/** What REST knows of the database, by name. Only the schema `public` is exposed. */
export interface Catalog {
  readonly tables: ReadonlyMap<string, Table>
  readonly functions: ReadonlyMap<string, readonly DatabaseFunction[]>
}

/** A table or a view. */
export interface Table {
  readonly schema: string
  readonly name: string
  readonly columns: readonly Column[]
  /** Empty without a primary key. */
  readonly primaryKey: readonly string[]
}

export interface Column {
  readonly name: string
  /** As PostgreSQL writes it: `character varying(20)`. */
  readonly type: string
  /** The expression of its default, an identity's included; null without one. */
  readonly default: string | null
}

export interface DatabaseFunction {
  readonly schema: string
  readonly name: string
  readonly args: readonly Argument[]
  readonly returnsSet: boolean
  readonly returns: 'void' | 'scalar' | 'composite'
  /** False for functions that are declared stable or immutable: they are run read only. */
  readonly isVolatile: boolean
}

export interface Argument {
  /** Empty for an unnamed one. */
  readonly name: string
  readonly type: string
  readonly hasDefault: boolean
  readonly isVariadic: boolean
}
