import type { Embed, ReadNode } from '../resolve/node.js'
import { type Sql, sql } from '../sql/sql.js'
import { type Attached, attach } from './attach.js'
import { conditionOf, type Scope, whereAll } from './condition.js'

/** All rows that a page is cut from, without their columns. */
export const compileAll = (node: ReadNode): Sql => all(node, { from: node.source.from, belongs: [] })

/** What belongs to the rows is looked for, and not read. */
function all(node: ReadNode, { from, belongs }: Attached): Sql {
  const anyOf = (embed: Embed) => sql`exists (${all(embed.node, attach(embed, node.source))})`
  const presence = (key: string) => {
    const embed = node.embeds.find((one) => one.key === key)
    return embed && { absent: sql`(not ${anyOf(embed)})`, present: anyOf(embed) }
  }
  const scope: Scope = { source: node.source, presence }
  return sql`select 1 from ${from}${whereAll([
    ...belongs,
    ...node.where.map((condition) => conditionOf(scope, condition)),
    ...node.embeds.filter(({ isInner }) => isInner).map(anyOf),
  ])}`
}
