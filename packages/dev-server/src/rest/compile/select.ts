import { isSpreadList } from '../resolve/aggregates.js'
import type { Embed, ReadNode } from '../resolve/node.js'
import { empty, integer, join, type Sql, sql } from '../sql/sql.js'
import { type Attached, attach } from './attach.js'
import { type Output, ownOutputs, selected } from './columns.js'
import { conditionOf, type Scope, whereAll } from './condition.js'
import { joinOf, outputsOf, presenceIn } from './embeds.js'
import { pageOf } from './page.js'

/** A node as one `select`, and the columns it gives to whoever spreads them. */
export interface Selection {
  readonly sql: Sql
  readonly outputs: readonly Output[]
}

/** `select … from … where … group by … order by … limit …` with all that is embedded. */
export const compileNode = (node: ReadNode): Sql =>
  select(node, { from: node.source.from, belongs: [] }, { isSpread: false, aggregatesOutside: false }).sql

interface Role {
  /** Its columns are given on by name. */
  readonly isSpread: boolean
  /** Its aggregates are left to whoever spreads its columns. */
  readonly aggregatesOutside: boolean
}

function select(
  node: ReadNode,
  { from, belongs }: Attached,
  { isSpread, aggregatesOutside }: Role,
): Selection {
  const inner = node.embeds.map((embed) => ({ embed, selection: selectEmbed(embed, node) }))
  const embedded = inner.flatMap(({ embed, selection }) => outputsOf(embed, selection.outputs))
  const isGrouped = [...ownOutputs(node, false), ...embedded].some(isAggregated)
  const outputs = [...ownOutputs(node, isGrouped || isSpread), ...embedded]
  const shown = aggregatesOutside ? outputs.map(plain) : outputs
  const joins = inner.map(({ embed, selection }) => joinOf(embed, selection))
  const scope: Scope = { source: node.source, presence: presenceIn(node) }
  const where = whereAll([...belongs, ...node.where.map((condition) => conditionOf(scope, condition))])
  return {
    sql: sql`select ${join(shown.map(selected))} from ${from}${join(joins, empty)}${where}${groupOf(shown)}${pageOf(node)}`,
    outputs: aggregatesOutside ? outputs : outputs.map(plain),
  }
}

const selectEmbed = (embed: Embed, { source }: ReadNode): Selection =>
  select(embed.node, attach(embed, source), {
    isSpread: embed.spread,
    aggregatesOutside: embed.spread && !isSpreadList(embed),
  })

const isAggregated = ({ aggregate }: Output) => aggregate !== undefined

const plain = ({ value, name }: Output): Output => ({ value, ...(name !== undefined && { name }) })

/** By the place of each column in the list: its expression may hold parameters, which are never the same twice. */
function groupOf(outputs: readonly Output[]): Sql {
  if (!outputs.some(isAggregated)) return empty
  const places = outputs.flatMap((output, index) => (isAggregated(output) ? [] : [integer(index + 1)]))
  return places.length === 0 ? empty : sql` group by ${join(places)}`
}
