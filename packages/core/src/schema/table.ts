import type { $ZodObject, input, output } from 'zod/v4/core'
import type { Columns } from '../base/json.js'
import type { Key } from './key.js'

/** What a guard answers: nothing to allow, or the sentence that tells the user why not. */
export type Refusal = string | undefined

export interface Guards<Row> {
  readonly insert?: (row: Row) => Refusal
  readonly update?: (row: Row, patch: Partial<Row>) => Refusal
  readonly delete?: (row: Row) => Refusal
}

/** Keeps only a sliding range of a table on the device. `before` and `after` are ms around the present. */
export interface WindowOptions<Column extends string = string> {
  readonly on: Column
  readonly before: number
  readonly after: number
}

/**
 * What becomes of an update whose row was changed by somebody else meanwhile. `merge`: the changed columns win in the order in
 * which they reach the server. `updated-at`: the update that was made earlier loses. A function decides: `base` is the row on
 * which the update was made, `local` what this client made of it, `remote` what the server has.
 */
export type Conflict<Row = Columns> = 'merge' | 'updated-at' | ((base: Row, local: Row, remote: Row) => Row)

/** A closed interval of a window column, in ms. */
export type Range = readonly [from: number, to: number]

/**
 * Rows of another table that decide who sees rows of this one, as a membership table does: `column` of `table` holds what
 * `on` of this table holds.
 */
export interface Scope {
  readonly table: string
  readonly column: string
  /** The column of this table that is equal to it. Default: the key. */
  readonly on?: string
}

/** A declared table. Made by `defineTable`; plain data that every part of the core reads. */
export interface Table<
  Name extends string = string,
  Row extends object = Columns,
  Insert extends object = Columns,
  RowKey extends Key = Key,
> {
  readonly name: Name
  /** The row's schema: server row → client row. */
  readonly row: $ZodObject
  /** The columns of the primary key, in its order. */
  readonly key: readonly string[]
  readonly owner: string | undefined
  readonly indexes: readonly string[]
  /** Columns that Postgres computes; never sent. */
  readonly generated: readonly string[]
  readonly derive: ((row: Columns) => Columns) | undefined
  readonly guards: Guards<Columns>
  readonly window: WindowOptions | undefined
  readonly scopes: readonly Scope[]
  readonly conflict: Conflict
  /** Only at the type level: what the table's rows, inserts and keys look like. */
  readonly types?: { readonly row: Row; readonly insert: Insert; readonly key: RowKey }
}

type Filled = 'created_at' | 'updated_at'
type Optional<S extends $ZodObject, Given extends string> = {
  [C in keyof output<S> & string]: C extends Given
    ? C
    : undefined extends (C extends keyof input<S> ? input<S>[C] : never)
      ? C
      : null extends output<S>[C]
        ? C
        : never
}[keyof output<S> & string]

/** What an insert must say: columns with a default, that may be null, or that Tidemark or Postgres fills, may be left out. */
export type InsertOf<S extends $ZodObject, Given extends string> = Omit<
  output<S>,
  Optional<S, Given | Filled>
> &
  Partial<Pick<output<S>, Optional<S, Given | Filled> & keyof output<S>>>

type KeyPart<V> = V extends string | number ? V : never
type AsKey<K> = K extends Key ? K : never
/** The type of a primary key: the value of its column, or a tuple of them. */
export type KeyOf<Row, K> = AsKey<
  K extends keyof Row
    ? KeyPart<Row[K]>
    : K extends readonly (keyof Row)[]
      ? { readonly [I in keyof K]: K[I] extends keyof Row ? KeyPart<Row[K[I]]> : never }
      : never
>

/** The row type of a table or of its declaration. */
export type RowOf<T> = T extends Table<string, infer Row, object> ? Row : never
