import type { SchemaCatalog } from '../catalog/catalog.js'
import { nearest } from '../catalog/nearest.js'
import type { ForeignKeyRelationship, Relationship } from '../catalog/relationship.js'
import { RestError } from '../errors.js'
import { ambiguous } from './ambiguous.js'

/** What a request embeds in a row of a table. */
export interface Wanted {
  /** The table, view or function result the rows are of. */
  readonly origin: string
  /** The name of a table, a foreign key, a column or a function. */
  readonly target: string
  readonly hint?: string | undefined
}

/**
 * Finds the one relationship that is meant.
 * @throws RestError PGRST200, PGRST201
 */
export function findRelationship(schema: SchemaCatalog, wanted: Wanted): Relationship {
  const found = (schema.relationships.get(wanted.origin) ?? []).filter((one) => isMeant(one, wanted))
  const [only, another] = found
  if (!only) throw notFound(schema, wanted)
  if (another) throw ambiguous(wanted, found)
  return only
}

function isMeant(relationship: Relationship, { target, hint }: Wanted): boolean {
  if (relationship.kind === 'computed') return target === relationship.function.name
  if (relationship.isSelf) return isMeantOfSelf(relationship, target, hint)
  if (hint !== undefined) return target === relationship.foreign.name && fitsHint(relationship, hint)
  return (
    target === relationship.foreign.name || (!relationship.foreignIsView && fitsKey(relationship, target))
  )
}

/** One key of a table to itself leads up and down: down by the table's name, up by the column's. */
function isMeantOfSelf(relationship: Relationship, target: string, hint: string | undefined): boolean {
  if (relationship.kind === 'one-to-many') {
    if (target !== relationship.foreign.name) return false
    return hint === undefined || onlyColumn(relationship)?.[1] === hint
  }
  return hint === undefined && relationship.kind === 'many-to-one' && onlyColumn(relationship)?.[0] === target
}

function fitsHint(relationship: Relationship, hint: string): boolean {
  if (relationship.kind === 'many-to-many') return relationship.junction.name === hint
  return fitsKey(relationship, hint) || (isKey(relationship) && onlyColumn(relationship)?.[1] === hint)
}

/** By the name of the foreign key, or of its column. */
const fitsKey = (relationship: Relationship, name: string) =>
  isKey(relationship) && (relationship.constraint === name || onlyColumn(relationship)?.[0] === name)

const isKey = (relationship: Relationship): relationship is ForeignKeyRelationship =>
  relationship.kind !== 'many-to-many' && relationship.kind !== 'computed'

const onlyColumn = ({ columns }: ForeignKeyRelationship) => (columns.length === 1 ? columns[0] : undefined)

function notFound(schema: SchemaCatalog, wanted: Wanted): RestError {
  const { origin, target, hint } = wanted
  const by = hint === undefined ? '' : `' using the hint '${hint}`
  return new RestError(400, {
    code: 'PGRST200',
    message: `Could not find a relationship between '${origin}' and '${target}' in the schema cache`,
    details: `Searched for a foreign key relationship between '${origin}' and '${target}${by}' in the schema '${schema.name}', but no matches were found.`,
    hint: hintFor(schema, wanted),
  })
}

/** A name that is nearly right; none when both are there, since then the hint of the request is wrong. */
function hintFor({ relationships }: SchemaCatalog, { origin, target }: Wanted): string | null {
  const ofOrigin = relationships.get(origin)
  if (!ofOrigin) return suggestion(origin, nearest(origin, relationships.keys()))
  const names = ofOrigin.map(({ foreign }) => foreign.name)
  return names.includes(target) ? null : suggestion(target, nearest(target, names))
}

const suggestion = (wrong: string, right: string | undefined) =>
  right === undefined ? null : `Perhaps you meant '${right}' instead of '${wrong}'.`
