import type { RestSettings } from '../catalog/settings.js'
import type { Media } from '../request/media.js'
import type { Preferences } from '../request/preferences.js'
import type { ReadNode } from '../resolve/node.js'
import { empty, integer, type Sql, sql } from '../sql/sql.js'
import { bodyOf } from './body.js'
import { compileAll } from './count.js'
import { envelope, type Statement } from './envelope.js'
import { compileNode } from './select.js'

/** How a read is answered. */
export interface Reading {
  readonly preferences: Preferences
  readonly media: Media
  readonly settings: RestSettings
  /** Only the head of the answer is wanted. */
  readonly isHead: boolean
}

/** Reads a table or a view. */
export function compileRead(node: ReadNode, { preferences, media, settings, isHead }: Reading): Statement {
  const { count } = preferences
  const all = compileAll(node)
  return {
    isReadOnly: true,
    sql: envelope({
      before: countsExactly(count) ? sql`_all as (${all}${boundOf(count, settings)})` : undefined,
      rows: compileNode(node),
      body: isHead && !media.plan ? sql`''` : bodyOf(media),
      total: countsExactly(count) ? sql`(select count(*) from _all)` : undefined,
    }),
    ...(count !== undefined && count !== 'exact' && { estimated: all }),
  }
}

export const countsExactly = (count: Preferences['count']) => count === 'exact' || count === 'estimated'

/** Who wants an estimate of many rows is not made to wait for all of them to be counted. */
const boundOf = (count: Preferences['count'], { maxRows }: RestSettings): Sql =>
  count === 'estimated' ? sql` limit ${integer(maxRows + 1)}` : empty
