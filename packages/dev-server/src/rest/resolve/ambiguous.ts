import type { ColumnPair, Relationship } from '../catalog/relationship.js'
import { RestError } from '../errors.js'

/** Several relationships could be meant: PGRST201, with all of them and how each would be named. */
export function ambiguous(
  { origin, target }: { readonly origin: string; readonly target: string },
  found: readonly Relationship[],
): RestError {
  const sorted = [...found].sort((a, b) => kinds.indexOf(a.kind) - kinds.indexOf(b.kind))
  const names = sorted.map((one) => `'${one.foreign.name}!${hintOf(one)}'`)
  return new RestError(300, {
    code: 'PGRST201',
    message: `Could not embed because more than one relationship was found for '${origin}' and '${target}'`,
    details: sorted.map(describe),
    hint: `Try changing '${target}' to one of the following: ${names.join(', ')}. Find the desired relationship in the 'details' key.`,
  })
}

/** In PostgREST's order. */
const kinds: readonly Relationship['kind'][] = ['one-to-many', 'many-to-one', 'one-to-one', 'many-to-many']

function hintOf(relationship: Relationship): string {
  if (relationship.kind === 'computed') return relationship.function.name
  return relationship.kind === 'many-to-many' ? relationship.junction.name : relationship.constraint
}

const describe = (relationship: Relationship) => ({
  cardinality: relationship.kind,
  embedding: `${relationship.table.name} with ${relationship.foreign.name}`,
  relationship: keysOf(relationship),
})

function keysOf(relationship: Relationship): string {
  if (relationship.kind === 'computed') return relationship.function.name
  if (relationship.kind === 'many-to-many') {
    const { junction, source, target } = relationship
    return `${junction.name} using ${source.constraint}${others(source.columns)} and ${target.constraint}${others(target.columns)}`
  }
  const { constraint, table, foreign, columns } = relationship
  return `${constraint} using ${table.name}${owns(columns)} and ${foreign.name}${others(columns)}`
}

const owns = (pairs: readonly ColumnPair[]) => `(${pairs.map(([own]) => own).join(', ')})`
const others = (pairs: readonly ColumnPair[]) => `(${pairs.map(([, other]) => other).join(', ')})`
