import { DatabaseError, type Pool } from 'pg'
import type { Row } from './changeLog.js'
import { operators, type Filter } from './filters.js'
import { quoteName, type ColumnFacts, type TableFacts } from './metadata.js'

/**
 * Which of the rows, by position, pass the filters. Postgres compares, with the columns' own types; null passes nothing,
 * and neither does a row that lacks a column of the filter.
 */
export async function matchingRows(
  pool: Pool,
  table: TableFacts,
  rows: ReadonlyMap<number, Row>,
  filters: readonly Filter[],
): Promise<ReadonlySet<number>> {
  const names = columnsOf(filters)
  const complete = [...rows].filter(([, row]) => names.every((name) => Object.hasOwn(row, name)))
  if (filters.length === 0 || complete.length === 0) return new Set(complete.map(([position]) => position))
  const { types, tests, values } = compile(table, filters)
  const images = complete.map(([, row]) => JSON.stringify(pick(row, names)))
  const { rows: passing } = await pool.query<{ at: number }>(
    `select (g.at - 1)::int as at from unnest($1::text[]) with ordinality as g (image, at)
     cross join lateral jsonb_to_record(g.image::jsonb) as r (${types}) where ${tests}`,
    [images, ...values],
  )
  return new Set(passing.flatMap(({ at }) => complete[at]?.[0] ?? []))
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
  const { types, tests, values } = compile(table, filters)
  // A pattern is looked at only when it meets a text.
  const patterns = filters.flatMap(({ op, value }) => (op === 'match' || op === 'imatch' ? [value] : []))
  try {
    await pool.query(`select $1::text[] from jsonb_to_record('{}') as r (${types}) where ${tests}`, [
      [],
      ...values,
    ])
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

/** The values are parameters from $2 on. */
function compile(table: TableFacts, filters: readonly Filter[]) {
  const values: unknown[] = []
  const tests = filters.map((filter) => {
    const test = compileTest(
      mustColumn(table, filter.column),
      filter,
      (value) => `$${values.push(value) + 1}`,
    )
    return filter.negated ? `not (${test})` : `(${test})`
  })
  return { types: recordOf(table, columnsOf(filters)), tests: tests.join(' and '), values }
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
