import type { Pool } from 'pg'
import type { Claims } from '../context.js'
import { operators, type Filter } from './filters.js'
import { quoteName, type TableFacts } from './tables.js'

export type Row = Readonly<Record<string, unknown>>

/** Which of the rows, by position, a caller may see now: one query under the caller's role and claims, as row level security decides. */
export async function visibleRows(
  pool: Pool,
  table: TableFacts,
  rows: readonly Row[],
  claims: Claims,
): Promise<Set<number>> {
  const same = table.key.map((name) => `t.${quoteName(name)} = k.${quoteName(name)}`).join(' and ')
  const types = table.key.map((name) => `${quoteName(name)} ${typeOf(table, name)}`).join(', ')
  const keys = rows.map((row, position) => ({
    position,
    ...Object.fromEntries(table.key.map((name) => [name, row[name]])),
  }))
  const client = await pool.connect()
  try {
    await client.query('begin read only')
    await client.query("select set_config('role', $1, true), set_config('request.jwt.claims', $2, true)", [
      claims.role,
      JSON.stringify(claims),
    ])
    const { rows: seen } = await client.query<{ position: number }>(
      `select k.position from ${quoteName(table.schema)}.${quoteName(table.name)} t
       join jsonb_to_recordset($1) as k (position int, ${types}) on ${same}`,
      [JSON.stringify(keys)],
    )
    return new Set(seen.map(({ position }) => position))
  } catch (error) {
    // No privilege on the table is an answer: nothing is visible.
    if ((error as { code?: string }).code === '42501') return new Set()
    throw error
  } finally {
    await client.query('rollback')
    client.release()
  }
}

/** Which of the rows, by position, pass the filters. Postgres compares, with the columns' own types; null passes nothing. */
export async function matchingRows(
  pool: Pool,
  table: TableFacts,
  rows: readonly Row[],
  filters: readonly Filter[],
): Promise<Set<number>> {
  if (filters.length === 0) return new Set(rows.keys())
  const values: unknown[] = [JSON.stringify(rows.map((row, position) => ({ ...row, '#': position })))]
  const names = [...new Set(filters.map(({ column }) => column))]
  const types = names.map((name) => `${quoteName(name)} ${typeOf(table, name)}`).join(', ')
  const tests = filters.map((filter) => test(table, filter, values))
  const { rows: passing } = await pool.query<{ position: number }>(
    `select "#" as position from jsonb_to_recordset($1) as r ("#" int, ${types}) where ${tests.join(' and ')}`,
    values,
  )
  return new Set(passing.map(({ position }) => position))
}

const words: Readonly<Record<string, string>> = {
  null: 'null',
  true: 'true',
  false: 'false',
  unknown: 'unknown',
}

function test(table: TableFacts, { column, negated, op, value }: Filter, values: unknown[]): string {
  const name = quoteName(column)
  const no = negated ? 'not ' : ''
  if (op === 'is') return `${no}(${name} is ${words[String(value).toLowerCase()] ?? 'null'})`
  const type = ['like', 'ilike', 'match', 'imatch'].includes(op) ? 'text' : typeOf(table, column)
  const parameter = `$${String(values.push(value))}::${type}${op === 'in' ? '[]' : ''}`
  const left = type === 'text' ? `${name}::text` : name
  return `${no}(${left} ${operators[op] ?? '='} ${op === 'in' ? `(${parameter})` : parameter})`
}

/** Throws a `SyntaxError` for a column that is not there. */
export function typeOf(table: TableFacts, column: string): string {
  const found = table.columns.find(({ name }) => name === column)
  if (!found) throw new SyntaxError(`invalid column for filter ${column}`)
  return found.sqlType
}
