/** Where a column of a view comes from: the column of a table or of another view. */
export interface Origin {
  /** The place of the column in the view, from 1. */
  readonly place: number
  readonly table: number
  readonly column: number
}

/**
 * Reads the origins of a view's columns out of PostgreSQL's own form of its definition, a tree of
 * `{NAME :field value …}` and `(…)`. Columns that are computed have no origin.
 * @param text `pg_rewrite.ev_action` of a view
 */
export function originsIn(text: string): Origin[] {
  const tokens = text.match(/[(){}]|(?:\\.|[^\s(){}\\])+/gsu) ?? []
  const start = outermostTargets(tokens)
  return start === -1 ? [] : splitGroups(tokens.slice(start + 1, endOfGroup(tokens, start))).flatMap(toOrigin)
}

/** The list of the first and only query, whose fields stand two groups deep: `({QUERY :targetList (`. */
function outermostTargets(tokens: readonly string[]): number {
  let depth = 0
  return tokens.findIndex((token, index) => {
    depth += step(token)
    return depth === 3 && token === '(' && tokens[index - 1] === ':targetList'
  })
}

const steps: Readonly<Record<string, number>> = { '(': 1, '{': 1, ')': -1, '}': -1 }
const step = (token: string) => (token.length === 1 ? (steps[token] ?? 0) : 0)

/** Where the group that opens here is closed; where the text ends, if it is not. */
function endOfGroup(tokens: readonly string[], start: number): number {
  let depth = 0
  for (let at = start; at < tokens.length; at += 1) {
    depth += step(tokens[at] ?? '')
    if (depth === 0) return at
  }
  return tokens.length
}

/** The groups that stand beside each other. */
function splitGroups(tokens: readonly string[]): string[][] {
  const groups: string[][] = []
  for (let at = 0; at < tokens.length;) {
    const end = endOfGroup(tokens, at)
    groups.push(tokens.slice(at, end + 1))
    at = end + 1
  }
  return groups
}

/** The fields of an entry itself follow what it holds: the last of each name is its own. */
function toOrigin(entry: readonly string[]): Origin[] {
  const field = (name: string) => Number(entry[entry.lastIndexOf(name) + 1])
  const table = field(':resorigtbl')
  if (!(table > 0)) return []
  return [{ place: field(':resno'), table, column: field(':resorigcol') }]
}
