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
  const end = start + lengthOfGroup(tokens, start)
  return splitGroups(tokens.slice(start + 1, end)).flatMap(toOrigin)
}

/** The list of the first and only query, whose fields stand two groups deep: `({QUERY :targetList (`. */
function outermostTargets(tokens: readonly string[]): number {
  let depth = 0
  return tokens.findIndex((token, index) => {
    depth += step(token)
    return depth === 3 && token === '(' && tokens[index - 1] === ':targetList'
  })
}

const step = (token: string) => (token === '(' || token === '{' ? 1 : token === ')' || token === '}' ? -1 : 0)

/** How many tokens further the group that opens here is closed. */
function lengthOfGroup(tokens: readonly string[], start: number): number {
  let depth = 0
  const rest = tokens.slice(Math.max(start, 0))
  return rest.findIndex((token) => (depth += step(token)) === 0)
}

/** The groups that stand beside each other. */
function splitGroups(tokens: readonly string[]): string[][] {
  const groups: string[][] = []
  for (let at = 0; at < tokens.length; at += 1) {
    const length = lengthOfGroup(tokens, at)
    groups.push(tokens.slice(at, at + length + 1))
    at += length
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
