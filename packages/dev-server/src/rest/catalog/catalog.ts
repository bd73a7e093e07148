import type { MediaHandler } from './handlers.js'
import type { Relationship } from './relationship.js'
import type { RestSettings } from './settings.js'

/** What REST knows of the database. */
export interface Catalog {
  readonly settings: RestSettings
  /** The exposed schemas by name, in the order of the settings. */
  readonly schemas: ReadonlyMap<string, SchemaCatalog>
  /** What gives media types of the app's own. */
  readonly handlers: readonly MediaHandler[]
}

/** What one exposed schema has, by name. */
export interface SchemaCatalog {
  readonly name: string
  /** What its comment says. */
  readonly description: string | null
  readonly tables: ReadonlyMap<string, Table>
  readonly functions: ReadonlyMap<string, readonly DatabaseFunction[]>
  /** What can be embedded in a table, by the table's name. */
  readonly relationships: ReadonlyMap<string, readonly Relationship[]>
}

/** A table or a view. */
export interface Table {
  readonly schema: string
  readonly name: string
  readonly isView: boolean
  readonly canInsert: boolean
  readonly canUpdate: boolean
  readonly canDelete: boolean
  readonly description: string | null
  readonly columns: readonly Column[]
  /** Empty without a primary key. */
  readonly primaryKey: readonly string[]
}

export interface Column {
  readonly name: string
  /** As PostgreSQL writes it: `character varying(20)`. */
  readonly type: string
  /** What a domain stands for in the end; else the type. */
  readonly baseType: string
  /** The expression of its default, an identity's included; null without one. */
  readonly default: string | null
  readonly isNullable: boolean
  /** In characters. */
  readonly maxLength: number | null
  readonly description: string | null
  /** The labels of an enum; empty for other types. */
  readonly labels: readonly string[]
  readonly forms: DomainForms
}

/**
 * The functions of a domain's implicit casts, which PostgreSQL itself passes over: how its values are shown and read. Empty for
 * other types.
 */
export interface DomainForms {
  readonly toJson?: FunctionName
  readonly fromJson?: FunctionName
  /** For the values of filters. */
  readonly fromText?: FunctionName
}

export interface FunctionName {
  readonly schema: string
  readonly name: string
}

export interface DatabaseFunction {
  readonly schema: string
  readonly name: string
  readonly description: string | null
  readonly args: readonly Argument[]
  readonly returnsSet: boolean
  readonly returns: 'void' | 'scalar' | 'composite'
  /** The table whose rows it gives, in whatever schema. */
  readonly table: { readonly schema: string; readonly name: string } | null
  /** False for functions that are declared stable or immutable: they are run read only. */
  readonly isVolatile: boolean
  /** Its own `set` clauses that PostgREST applies to the whole transaction. */
  readonly settings: readonly (readonly [name: string, value: string])[]
}

export interface Argument {
  /** Empty for an unnamed one. */
  readonly name: string
  readonly type: string
  readonly hasDefault: boolean
  readonly isVariadic: boolean
}
