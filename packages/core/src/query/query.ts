import type { Columns } from '../base/json.js'

/** Comparisons on one column; all that are given must hold. A null never satisfies any of them, as in SQL. */
export interface Condition<V> {
  readonly eq?: V
  readonly ne?: NonNullable<V>
  readonly gt?: NonNullable<V>
  readonly gte?: NonNullable<V>
  readonly lt?: NonNullable<V>
  readonly lte?: NonNullable<V>
  readonly in?: readonly NonNullable<V>[]
}

/** `null` and `{ eq: null }` mean `is null`; any other bare value means equal. */
export type Test<V> = V | Condition<V>

/** Which rows: every named column must pass; `and`, `or` and `not` combine. Unknown (null) is treated as SQL does. */
export type Where<Row extends object = Columns> = {
  readonly [C in keyof Row]?: Test<Row[C]>
} & {
  readonly and?: readonly Where<Row>[]
  readonly or?: readonly Where<Row>[]
  readonly not?: Where<Row>
}

export type Direction = 'asc' | 'desc'

/** One column, or columns with directions, first one first. Nulls come last ascending and first descending, as in Postgres. */
export type OrderBy<Row extends object = Columns> =
  | (keyof Row & string)
  | { readonly [C in keyof Row]?: Direction }
  | readonly ((keyof Row & string) | { readonly [C in keyof Row]?: Direction })[]

/** A question to a table: one object that is a predicate, an index range and a remote filter. */
export interface Query<Row extends object = Columns> {
  readonly where?: Where<Row>
  readonly orderBy?: OrderBy<Row>
  /** Rows at most. */
  readonly limit?: number
}
