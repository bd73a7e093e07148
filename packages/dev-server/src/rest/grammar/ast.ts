/** A column, or something inside a JSON column. */
export interface Field {
  readonly column: string
  readonly path: readonly PathStep[]
}

/** `->` gives JSON, `->>` gives text; a number is a position in an array. */
export interface PathStep {
  readonly arrow: '->' | '->>'
  readonly key: string | number
}

export interface ColumnItem {
  readonly kind: 'column'
  readonly field: Field
  readonly alias?: string
  readonly cast?: string
  /** `count`, `sum`, `avg`, `max` or `min`; `count` of the field `*` counts rows. */
  readonly aggregate?: string
  /** The type of what was aggregated. */
  readonly aggregateCast?: string
}

/** Rows of another table that belong to a row. */
export interface EmbedItem {
  readonly kind: 'embed'
  readonly relation: string
  /** Its columns stand beside those of the row. */
  readonly spread: boolean
  readonly alias?: string
  /** A foreign key, a column or a table that tells which of several relationships is meant. */
  readonly hint?: string
  /** Rows without a counterpart are left out. */
  readonly isInner: boolean
  readonly items: readonly SelectItem[]
}

export type SelectItem = { readonly kind: 'all' } | ColumnItem | EmbedItem

export type Quantifier = 'any' | 'all'

/** One comparison. */
export interface Comparison {
  readonly kind: 'comparison'
  readonly field: Field
  readonly negated: boolean
  readonly operator: string
  readonly quantifier?: Quantifier
  /** The text search configuration of `fts(english)`. */
  readonly language?: string
  /** The text after the operator; a list with `in`. */
  readonly value: string | readonly string[]
}

export type Condition =
  | Comparison
  | {
      readonly kind: 'and' | 'or'
      readonly negated: boolean
      readonly of: readonly Condition[]
    }

export interface OrderTerm {
  readonly field: Field
  /** The embedded resource whose field it is. */
  readonly relation?: string
  readonly direction?: 'asc' | 'desc'
  readonly nulls?: 'first' | 'last'
}

/** Which rows, in which order. */
export interface Level {
  /** All of them hold. */
  readonly where: readonly Condition[]
  readonly order: readonly OrderTerm[]
  readonly limit?: number
  readonly offset: number
}

/** What is asked of an embedded resource: `messages.order=id`. */
export interface EmbedLevel extends Level {
  /** Names from the outermost inwards. */
  readonly path: readonly string[]
}

/** What the query string asks for. */
export interface Query extends Level {
  readonly select: readonly SelectItem[]
  readonly embeds: readonly EmbedLevel[]
  readonly columns?: readonly string[]
  readonly onConflict?: readonly string[]
  /** Parameters of a function called with GET, by name and in order. */
  readonly args: readonly (readonly [name: string, value: string])[]
}
