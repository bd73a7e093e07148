import type { Condition, EmbedLevel, Field, Level, OrderTerm } from './ast.js'
import { parseComparison } from './comparison.js'
import { parseCondition } from './condition.js'
import { readName, readPath } from './field.js'
import { parseOrder } from './order.js'
import { scan, separated } from './scanner.js'

interface Draft {
  readonly path: readonly string[]
  readonly where: Condition[]
  order?: OrderTerm[]
  limit?: number
  offset: number
}

/**
 * Sorts filters, orders and limits by the resource they are about.
 * @param entries names and values of the parameters
 * @throws ParseError
 */
export function collectLevels(
  entries: readonly (readonly [name: string, value: string])[],
): Level & { embeds: EmbedLevel[] } {
  const drafts = new Map<string, Draft>()
  const draftAt = (path: readonly string[]) => {
    const key = JSON.stringify(path)
    const draft = drafts.get(key) ?? { path, where: [], offset: 0 }
    drafts.set(key, draft)
    return draft
  }
  const root = draftAt([])
  for (const [name, value] of entries) addTo(draftAt, name, value)
  const embeds = [...drafts.values()].filter((draft) => draft !== root)
  return { ...toLevel(root), embeds: embeds.map((draft) => ({ ...toLevel(draft), path: draft.path })) }
}

function addTo(draftAt: (path: readonly string[]) => Draft, name: string, value: string): void {
  const { path, field, last } = parseTreePath(name)
  if (field.path.length === 0 && (last === 'and' || last === 'or')) {
    const word = path.includes('not') ? `not.${last}` : last
    draftAt(path.filter((step) => step !== 'not')).where.push(parseCondition(word, value))
    return
  }
  const draft = draftAt(path)
  if (last === 'order') draft.order ??= value === '' ? [] : parseOrder(value)
  else if (last === 'limit' || last === 'offset') setRange(draft, last, value)
  else draft.where.push(parseComparison(field, value))
}

/** What is no number is passed over, as PostgREST does; one too large for a page is as good as no end. */
function setRange(draft: Draft, name: 'limit' | 'offset', text: string): void {
  if (/^\s*-?\d+\s*$/.test(text)) draft[name] = Math.min(Number(text), Number.MAX_SAFE_INTEGER)
}

/** `messages.author.name->>first`: where, and what. A name in quotes is never a word of the grammar. */
function parseTreePath(name: string): { path: string[]; field: Field; last: string } {
  const scanner = scan(name, `tree path (${name})`)
  const names = separated(scanner, /\./y, () => readName(scanner), 'delimiter (.)')
  const column = names.pop() ?? ''
  const field = { column, path: readPath(scanner) }
  scanner.end()
  return { path: names, field, last: name.split('.').at(-1) ?? '' }
}

const toLevel = ({ where, order = [], offset, limit }: Draft): Level => ({
  where,
  order,
  offset,
  ...(limit !== undefined && { limit }),
})
