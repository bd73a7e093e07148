import { isToOne } from '../catalog/relationship.js'
import { isSpreadList } from '../resolve/aggregates.js'
import type { Embed, ReadNode } from '../resolve/node.js'
import { ident, join, type Sql, sql } from '../sql/sql.js'
import type { Output } from './columns.js'
import type { Presence } from './condition.js'

/** What a row gets of what belongs to it; nothing of what is there only to be filtered by. */
export function outputsOf(embed: Embed, inner: readonly Output[]): Output[] {
  const { alias, key, spread } = embed
  if (isEmpty(embed.node)) return []
  if (spread) return inner.map((output) => spreadOutput(ident(alias), output))
  const value = isToOne(embed.relationship)
    ? sql`row_to_json(${ident(alias)}.*)::jsonb`
    : sql`coalesce(${list(alias)}, '[]')`
  return [{ value, name: key }]
}

function spreadOutput(source: Sql, { name, aggregate }: Output): Output {
  if (name === undefined) return { value: sql`${source}.*` }
  return { value: sql`${source}.${ident(name)}`, name, ...(aggregate && { aggregate }) }
}

/** `clients()` gives no column, nor does what embeds only such. */
const isEmpty = ({ columns, embeds }: ReadNode): boolean =>
  columns.length === 0 && embeds.every(({ node }) => isEmpty(node))

/** The rows that belong to a row, as one JSON array. */
const list = (alias: string) => sql`${ident(alias)}.${ident(alias)}`

/** `left join lateral (…) as … on …`: once for each row. */
export function joinOf(
  embed: Embed,
  selection: { readonly sql: Sql; readonly outputs: readonly Output[] },
): Sql {
  const name = ident(embed.alias)
  const kind = embed.isInner ? sql` inner join lateral` : sql` left join lateral`
  if (isToOne(embed.relationship)) return sql`${kind} (${selection.sql}) as ${name} on true`
  const lists =
    isSpreadList(embed) && !isEmpty(embed.node) ? selection.outputs.map((output) => listOf(name, output)) : []
  const columns = join([sql`json_agg(${name}.*)::jsonb as ${name}`, ...lists])
  const condition = embed.isInner ? sql`${list(embed.alias)} is not null` : sql`true`
  return sql`${kind} (select ${columns} from (${selection.sql}) as ${name}) as ${name} on ${condition}`
}

/** All values of one column, in the order of the rows. */
function listOf(source: Sql, { name }: Output): Sql {
  const column = ident(name ?? '*')
  return sql`coalesce(json_agg(${source}.${column}), '[]')::jsonb as ${column}`
}

/** What says, in a condition of a node, whether anything belongs to the row. */
export const presenceIn =
  ({ embeds }: ReadNode) =>
  (key: string): Presence | undefined => {
    const embed = embeds.find((one) => one.key === key)
    if (!embed) return undefined
    const row = isToOne(embed.relationship) ? sql`${ident(embed.alias)}.*` : list(embed.alias)
    return { absent: sql`(${row} is not distinct from null)`, present: sql`(${row} is distinct from null)` }
  }
