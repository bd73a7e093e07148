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

export type SelectItem =
  | { readonly kind: 'all' }
  | {
      readonly kind: 'column'
      readonly field: Field
      readonly alias?: string
      readonly cast?: string
      readonly aggregate?: string
    }
  | {
      readonly kind: 'embed'
      readonly relation: string
      readonly spread: boolean
      readonly alias?: string
      /** Names of foreign keys, and the kind of join, in the order given. */
      readonly hints: readonly string[]
      readonly items: readonly SelectItem[]
    }

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
  readonly direction?: 'asc' | 'desc'
  readonly nulls?: 'first' | 'last'
}

/** What the query string asks for. */
export interface Query {
  readonly select: readonly SelectItem[]
  /** All of them hold. */
  readonly where: readonly Condition[]
  readonly order: readonly OrderTerm[]
  readonly limit?: number
  readonly offset: number
  readonly columns?: readonly string[]
  readonly onConflict?: readonly string[]
  /** Parameters of a function called with GET. */
  readonly args: Readonly<Record<string, readonly string[]>>
}
