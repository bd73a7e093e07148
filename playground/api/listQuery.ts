import { z } from 'zod'
import type { EntityTable } from './entityTables.ts'

/** A page as it is asked for: filters by column name, each with the values that it may have. */
export interface ListQuery {
  readonly page: number
  readonly limit: number
  readonly orderBy: string
  readonly filters: Readonly<Record<string, readonly string[]>>
}

const values = z.union([z.string(), z.array(z.string())]).transform((given) => [given].flat())
const count = (max: number) =>
  z
    .string()
    .regex(/^[1-9]\d{0,8}$/)
    .transform(Number)
    .pipe(z.number().max(max))

/** The query string of a list of this type. Names that it does not know are refused, so that a mistyped filter is no filter less. */
export function listQuery({ row }: EntityTable) {
  const columns = Object.keys(row.shape)
  const orders = columns.flatMap((column) => [column, `-${column}`])
  return z
    .strictObject({
      page: count(1_000_000).default(1),
      limit: count(100).default(20),
      orderBy: z.enum(orders).default('id'),
      ...Object.fromEntries(columns.map((column) => [column, values.optional()])),
    })
    .transform(({ page, limit, orderBy, ...filters }): ListQuery => ({
      page,
      limit,
      orderBy,
      filters: filters as Record<string, readonly string[]>,
    }))
}

export interface Statement {
  readonly text: string
  readonly values: readonly unknown[]
}

/**
 * The statements of a list. Names of columns come from the declaration, never from the request; values are parameters.
 *
 * @returns the page's rows, and how many rows there are on all pages
 */
export function listStatements(table: EntityTable, query: ListQuery): { rows: Statement; total: Statement } {
  const parameters: unknown[] = []
  const conditions = Object.entries(query.filters)
    .filter(([, wanted]) => wanted !== undefined)
    .map(([column, wanted]) => condition(column, wanted, parameters))
  const where = conditions.length > 0 ? `where ${conditions.join(' and ')}` : ''
  const order = `e."${query.orderBy.replace(/^-/, '')}" ${query.orderBy.startsWith('-') ? 'desc' : 'asc'}`
  const page = `limit ${query.limit} offset ${(query.page - 1) * query.limit}`
  return {
    rows: {
      text: `select to_jsonb(e) as row from ${table.table} e ${where} order by ${order}, e.id ${page}`,
      values: parameters,
    },
    total: { text: `select count(*)::int as total from ${table.table} e ${where}`, values: parameters },
  }
}

/** An empty value stands for null. */
function condition(column: string, wanted: readonly string[], parameters: unknown[]): string {
  const given = wanted.filter((value) => value !== '')
  const alternatives = [
    ...(given.length < wanted.length ? [`e."${column}" is null`] : []),
    ...(given.length > 0 ? [`e."${column}"::text = any($${parameters.push(given)}::text[])`] : []),
  ]
  return `(${alternatives.join(' or ')})`
}
