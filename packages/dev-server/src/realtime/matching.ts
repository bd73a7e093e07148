import { DatabaseError, type Pool } from 'pg'
import type { Row } from './changeLog.js'
import { operators, type Filter } from './filters.js'
import { quoteName, type ColumnFacts, type TableFacts } from './metadata.js'

interface Tools {
  readonly pool: Pool
  readonly log: (message: string) => void
}

/**
 * Which of the rows, by position, pass each of the filters. Postgres compares, with the columns' own types; null passes
 * nothing, and neither does a row that lacks a column of the filter. A filter that fails passes nothing.
 * @param batch so many filters are one query; when one fails they are asked for singly, so that it does not keep the others
 * from being answered
 */
export async function matchingRows(
  tools: Tools,
  table: TableFacts,
  rows: readonly Row[],
  filters: readonly (readonly Filter[])[],
  batch = 100,
): Promise<ReadonlySet<number>[]> {
  const results: ReadonlySet<number>[] = []
  for (let at = 0; at < filters.length; at += batch) {
    const some = filters.slice(at, at + batch)
    const passing = await match(tools.pool, table, rows, some).catch((error: unknown) => {
      if (batch > 1) return matchingRows(tools, table, rows, some, 1)
      tools.log(`Realtime: a filter of ${table.schema}.${table.name} failed: ${String(error)}`)
      return [new Set<number>()]
    })
    results.push(...passing)
  }
  return results
}

async function match(
  pool: Pool,
  table: TableFacts,
  rows: readonly Row[],
  filters: readonly (readonly Filter[])[],
): Promise<Set<number>[]> {
  const names = columnsOf(filters.flat())
  const values: unknown[] = [rows.map((row) => JSON.stringify(pick(row, names)))]
  const tests = filters.map((one, index) => `(${index}, ${compile(table, one, values)})`)
  const { rows: passing } = await pool.query<{ at: number; index: number }>(
    `select (g.at - 1)::int as at, v.index from unnest($1::text[]) with ordinality as g (image, at)
     cross join lateral jsonb_to_record(g.image::jsonb) as r (${recordOf(table, names)})
     cross join lateral (values ${tests.join(', ')}) as v (index, passes) where v.passes`,
    values,
  )
  const results = filters.map(() => new Set<number>())
  for (const { at, index } of passing) {
    const complete = columnsOf(filters[index] ?? []).every((name) => Object.hasOwn(rows[at] ?? {}, name))
    if (complete) results[index]?.add(at)
  }
  return results
}

/**
 * Tries filters on no row at all.
 * @throws SyntaxError for a column that is not there or may not be read, and for a value its type does not take
 */
export async function checkFilters(
  pool: Pool,
  table: TableFacts,
  filters: readonly Filter[],
  selectable: ReadonlySet<string>,
): Promise<void> {
  if (filters.length === 0) return
  for (const { column, op, value } of filters) {
    if (!selectable.has(column)) throw new SyntaxError(`invalid column for filter ${column}`)
    if (op === 'is' && value !== 'null' && mustColumn(table, column).type !== 'bool') {
      throw new SyntaxError(`\`is\` filter with ${String(value)} needs a boolean column`)
    }
  }
  const values: unknown[] = []
  const tests = compile(table, filters, values)
  const record = recordOf(table, columnsOf(filters))
  // A pattern is looked at only when it meets a text.
  const patterns = filters.flatMap(({ op, value }) => (op === 'match' || op === 'imatch' ? [value] : []))
  try {
    await pool.query(`select from jsonb_to_record('{}') as r (${record}) where ${tests}`, values)
    for (const pattern of patterns) await pool.query(`select '' ~ $1`, [pattern])
  } catch (error) {
    if (error instanceof DatabaseError) throw new SyntaxError(error.message, { cause: error })
    throw error
  }
}

export const columnsOf = (filters: readonly Filter[]): string[] => [
  ...new Set(filters.map(({ column }) => column)),
]

/** The part of a row that has these columns. */
export const pick = (row: Row, names: readonly string[]): Row =>
  Object.fromEntries(names.map((name) => [name, row[name]]))

/** The record definition of columns, for a function that reads JSON. */
export const recordOf = (table: TableFacts, names: readonly string[]): string =>
  names.map((name) => `${quoteName(name)} ${mustColumn(table, name).sqlType}`).join(', ')

/** The SQL of filters, all of which must hold; their values are added to the parameters. */
function compile(table: TableFacts, filters: readonly Filter[], values: unknown[]): string {
  const tests = filters.map((filter) => {
    const test = compileTest(mustColumn(table, filter.column), filter, (value) => `$${values.push(value)}`)
    return filter.negated ? `not (${test})` : `(${test})`
  })
  return tests.join(' and ')
}

function compileTest(
  { name, type, sqlType }: ColumnFacts,
  { op, value }: Filter,
  parameter: (value: unknown) => string,
): string {
  const column = `r.${quoteName(name)}`
  if (op === 'is') return `${column} is ${type === 'bool' ? String(value) : 'null'}`
  const onText = ['like', 'ilike', 'match', 'imatch'].includes(op)
  const [left, right] = onText ? [`${column}::text`, 'text'] : [column, sqlType]
  const operator = operators[op] ?? '='
  return op === 'in'
    ? `${left} ${operator} (${parameter(value)}::${right}[])`
    : `${left} ${operator} ${parameter(value)}::${right}`
}

function mustColumn(table: TableFacts, name: string): ColumnFacts {
  const column = table.columns.find((one) => one.name === name)
  if (!column) throw new SyntaxError(`invalid column for filter ${name}`)
  return column
}
