import type { SchemaCatalog } from '../catalog/catalog.js'
import { isToOne } from '../catalog/relationship.js'
import type { RestSettings } from '../catalog/settings.js'
import { aliased, type Source, tableName } from '../sql/source.js'
import type { EmbedItem, EmbedLevel, Level, OrderTerm, Query, SelectItem } from '../grammar/ast.js'
import { requireAllowed } from './aggregates.js'
import { notEmbedded, notToOne } from './embedErrors.js'
import { findRelationship } from './findRelationship.js'
import { type Embed, fit, type ReadNode, unlike } from './node.js'

/** Where a tree grows. */
export interface Ground {
  readonly schema: SchemaCatalog
  readonly settings: RestSettings
  /** A write gives all of its rows; the filters of its root have already chosen them. */
  readonly isWrite: boolean
}

/**
 * Joins what the parts of a request say about each resource.
 * @param origin the table that relationships of the root are looked up by
 * @throws RestError PGRST108, PGRST118, PGRST123, PGRST127, PGRST200, PGRST201
 */
export function resolveTree(ground: Ground, query: Query, source: Source, origin: string): ReadNode {
  const level = ground.isWrite ? { ...query, where: [] } : query
  const place: Place = { source, origin, depth: 0, levels: query.embeds }
  const node = resolveNode(ground, place, query.select, level)
  requireAllowed(ground.settings, node)
  return node
}

interface Place {
  readonly source: Source
  readonly origin: string
  readonly depth: number
  /** What is said of resources further in. */
  readonly levels: readonly EmbedLevel[]
}

function resolveNode(ground: Ground, place: Place, items: readonly SelectItem[], level: Level): ReadNode {
  const embeddings = items.filter((item) => item.kind === 'embed')
  const parts = assign(embeddings, place.levels)
  const embeds = embeddings.map((item, index) => resolveEmbed(ground, place, item, parts[index] ?? []))
  const { where, order, offset } = level
  return {
    source: place.source,
    columns: items.filter((item) => item.kind !== 'embed'),
    where,
    order: order.map((term) => resolveTerm(term, embeds, place.origin)),
    embeds,
    ...pageOf(ground, level, offset),
  }
}

/** Whoever writes gets all rows back; whoever reads at most as many as the project allows. */
function pageOf({ isWrite, settings }: Ground, { limit }: Level, offset: number) {
  if (isWrite) return { offset: 0 }
  return { offset, limit: Math.min(limit ?? settings.maxRows, settings.maxRows) }
}

const keyOf = ({ alias, relation }: EmbedItem) => alias ?? relation

/** Gives each level to the resource that its path begins with, by the name in the answer, or else by that of the table. */
function assign(items: readonly EmbedItem[], levels: readonly EmbedLevel[]): EmbedLevel[][] {
  const parts: EmbedLevel[][] = items.map(() => [])
  for (const level of levels) {
    const [name = '', ...path] = level.path
    const place = items.findIndex((item) => name === keyOf(item) || name === item.relation)
    const part = parts[place]
    if (!part) throw notEmbedded(name)
    part.push({ ...level, path })
  }
  return parts
}

const everything: Level = { where: [], order: [], offset: 0 }

function resolveEmbed(ground: Ground, place: Place, item: EmbedItem, levels: readonly EmbedLevel[]): Embed {
  const { origin, source, depth } = place
  const wanted = { origin, target: item.relation, hint: item.hint }
  const relationship = findRelationship(ground.schema, wanted)
  const { foreign } = relationship
  const label = unlike(`${foreign.name}_${String(depth + 1)}`, [source.label])
  const own = levels.find(({ path }) => path.length === 0) ?? everything
  const inner: Place = {
    source: aliased(tableName(foreign), label, ground.schema.tables.get(foreign.name)),
    origin: foreign.name,
    depth: depth + 1,
    levels: levels.filter(({ path }) => path.length > 0),
  }
  return {
    key: keyOf(item),
    alias: fit(`${origin}_${keyOf(item)}_${String(depth + 1)}`),
    relationship,
    isInner: item.isInner,
    spread: item.spread,
    node: resolveNode(ground, inner, item.items, own),
  }
}

/** An order by a field of an embedded resource names the subquery that gives it. */
function resolveTerm(term: OrderTerm, embeds: readonly Embed[], origin: string): OrderTerm {
  if (term.relation === undefined) return term
  const embed = embeds.find(({ key }) => key === term.relation)
  if (!embed) throw notEmbedded(term.relation)
  if (!isToOne(embed.relationship)) throw notToOne(origin, term.relation)
  return { ...term, relation: embed.alias }
}
