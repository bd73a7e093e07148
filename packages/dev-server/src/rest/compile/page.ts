import type { OrderTerm } from '../grammar/ast.js'
import type { ReadNode } from '../resolve/node.js'
import type { Source } from '../sql/source.js'
import { empty, ident, join, param, type Sql, sql } from '../sql/sql.js'
import { fieldOf } from './field.js'

/** `order by … limit … offset …`. */
export function pageOf({ source, order, limit, offset }: ReadNode): Sql {
  const by = order.length === 0 ? empty : sql` order by ${join(order.map((term) => termOf(source, term)))}`
  if (limit === undefined) return by
  return sql`${by} limit ${param(String(limit))}::bigint offset ${param(String(offset))}::bigint`
}

const directions = { asc: sql` asc`, desc: sql` desc` }
const places = { first: sql` nulls first`, last: sql` nulls last` }

function termOf(source: Source, { field, relation, direction, nulls }: OrderTerm): Sql {
  const value =
    relation === undefined
      ? fieldOf(source, field)
      : fieldOf({ ...source, name: ident(relation), table: undefined }, field)
  return sql`${value}${direction ? directions[direction] : empty}${nulls ? places[nulls] : empty}`
}
