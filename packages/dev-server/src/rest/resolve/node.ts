import { createHash } from 'node:crypto'
import type { Relationship } from '../catalog/relationship.js'
import type { ColumnItem, Condition, OrderTerm } from '../grammar/ast.js'
import type { Source } from '../sql/source.js'

/** Rows to be read, and the rows of others that belong to each. */
export interface ReadNode {
  readonly source: Source
  readonly columns: readonly (ColumnItem | { readonly kind: 'all' })[]
  readonly where: readonly Condition[]
  readonly order: readonly OrderTerm[]
  /** Left out: all rows. */
  readonly limit?: number
  readonly offset: number
  readonly embeds: readonly Embed[]
}

/** What belongs to a row. */
export interface Embed {
  /** Its name in the answer, in filters and in orders. */
  readonly key: string
  /** The name of its subquery in the statement. */
  readonly alias: string
  readonly relationship: Relationship
  readonly isInner: boolean
  /** Its columns stand beside those of the row. */
  readonly spread: boolean
  readonly node: ReadNode
}

const longest = 63

/** A name PostgreSQL does not cut: two that are different must stay different. */
export function fit(name: string): string {
  if (Buffer.byteLength(name) <= longest) return name
  return `embed_${createHash('sha256').update(name).digest('hex').slice(0, 32)}`
}

/** A name that is not one of those it stands beside. */
export function unlike(name: string, others: readonly string[]): string {
  const fitting = fit(name)
  return others.includes(fitting) ? unlike(`${name}_`, others) : fitting
}
