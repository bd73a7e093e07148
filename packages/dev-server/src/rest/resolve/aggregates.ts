import { isToOne } from '../catalog/relationship.js'
import type { RestSettings } from '../catalog/settings.js'
import { RestError } from '../errors.js'
import type { Embed, ReadNode } from './node.js'

/**
 * Refuses aggregates where they are not allowed, or not possible.
 * @throws RestError PGRST123, PGRST127
 */
export function requireAllowed(settings: RestSettings, node: ReadNode): void {
  if (!settings.allowsAggregates && usesAggregates(node)) throw notAllowed
  if (hasAggregatedList(node)) throw notImplemented
}

const aggregatesHere = ({ columns }: ReadNode) =>
  columns.some((column) => column.kind === 'column' && column.aggregate !== undefined)

const usesAggregates = (node: ReadNode): boolean =>
  aggregatesHere(node) || node.embeds.some((embed) => usesAggregates(embed.node))

/** A list of columns of many rows, where one of them would be a single value. */
const hasAggregatedList = ({ embeds }: ReadNode): boolean =>
  embeds.some((embed) => (isSpreadList(embed) && givesAggregate(embed.node)) || hasAggregatedList(embed.node))

/** A row's spread columns hold whatever its own spread columns hold. */
const givesAggregate = (node: ReadNode): boolean =>
  aggregatesHere(node) || node.embeds.some((embed) => embed.spread && givesAggregate(embed.node))

/** Spread over many rows, each column becomes a list. */
export const isSpreadList = ({ spread, relationship }: Embed) => spread && !isToOne(relationship)

const notAllowed = new RestError(400, {
  code: 'PGRST123',
  message: 'Use of aggregate functions is not allowed',
})

const notImplemented = new RestError(400, {
  code: 'PGRST127',
  message: 'Feature not implemented',
  details: 'Aggregates are not implemented for one-to-many or many-to-many spreads.',
})
