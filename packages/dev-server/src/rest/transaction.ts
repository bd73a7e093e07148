import { DatabaseError, type Pool, type PoolClient, type QueryArrayConfig } from 'pg'
import type { OutcomeRow, Statement } from './compile/envelope.js'
import { empty, type Sql, sql, toQuery } from './sql/sql.js'

/** What is run, for whom, and what must hold before it is kept. */
export interface Work {
  /** `select` with the settings of the transaction; gives the version of the structure as `version`. */
  readonly settings: Sql
  /** The version the statement was made for; undefined when it cannot be told. */
  readonly version: string | undefined
  /** Called before the statement: `select f()`. */
  readonly before?: Sql | undefined
  readonly statement: Statement
  /** Instead of running the statement PostgreSQL tells how it would: `explain (…) `. */
  readonly explain?: Sql | undefined
  /** Throws to take everything back. */
  readonly verify: (row: OutcomeRow) => void
  /** Nothing is kept, although the answer is as if it were. */
  readonly isRehearsal: boolean
}

export interface Outcome extends OutcomeRow {
  /** Rows the plan expects, when an estimate was asked for. */
  readonly planned?: number
}

/** The structure of the database is another than the statement was made for. */
export class StaleCatalog extends Error {
  override readonly name = 'StaleCatalog'
}

/**
 * Runs the statement in a transaction of its own, with the caller's role and claims.
 * @throws StaleCatalog, DatabaseError, or what `verify` throws
 */
export async function runWork(pool: Pool, work: Work): Promise<Outcome> {
  const client = await pool.connect()
  try {
    await client.query(work.statement.isReadOnly ? 'begin read only' : 'begin')
    const outcome = await runInside(client, work)
    await finish(client, work)
    client.release()
    return outcome
  } catch (error) {
    await giveBack(client, error)
    throw error
  }
}

async function runInside(client: PoolClient, work: Work): Promise<Outcome> {
  const { settings, version, before, statement, explain, verify } = work
  const [set] = await rowsOf<{ version: string }>(client, settings)
  if (version !== undefined && set?.version !== version) throw new StaleCatalog()
  if (before) await client.query(toQuery(before))
  if (explain) return explained(await rowsOf<Planned>(client, sql`${explain}${statement.sql}`))
  const [row] = await rowsOf<OutcomeRow>(client, statement.sql)
  if (!row) throw new Error('A statement gave no row')
  verify(row)
  if (!statement.estimated) return row
  const [plan] = await rowsOf<Planned>(client, sql`explain (format json) ${statement.estimated}`)
  return { ...row, planned: plannedRows(plan) }
}

async function finish(client: PoolClient, { isRehearsal }: Work): Promise<void> {
  // What is only looked at in the end would not be looked at without a commit.
  if (isRehearsal) await client.query('set constraints all immediate')
  await client.query(isRehearsal ? 'rollback' : 'commit')
}

/** All values come as text, as PostgreSQL wrote them. */
async function rowsOf<Row extends object>(client: PoolClient, statement: Sql): Promise<Row[]> {
  const { rows } = await client.query<Row>({ ...toQuery(statement), types: asText })
  return rows
}

const asText = { getTypeParser: () => (value: string) => value } as unknown as NonNullable<
  QueryArrayConfig['types']
>

interface Planned {
  readonly 'QUERY PLAN': string
}

const explained = (lines: readonly Planned[]): Outcome => ({
  body: lines.map((line) => `${line['QUERY PLAN']}\n`).join(''),
  count: '0',
  total: null,
  updated: null,
  keys: null,
  response_headers: null,
  response_status: null,
})

function plannedRows(plan: Planned | undefined): number {
  const [{ Plan = {} } = {}] = JSON.parse(plan?.['QUERY PLAN'] ?? '[]') as {
    Plan?: { 'Plan Rows'?: number }
  }[]
  return Plan['Plan Rows'] ?? 0
}

/** `explain (analyze, format json) `. */
export function explaining(format: 'text' | 'json', options: readonly Sql[]): Sql {
  const words = options.reduce((before, option) => sql`${before}, ${option}`, empty)
  return format === 'json' ? sql`explain (format json${words}) ` : sql`explain (format text${words}) `
}

/** After an error of PostgreSQL's the connection is as good as new; after any other it is not used again. */
async function giveBack(client: PoolClient, error: unknown): Promise<void> {
  const rolledBack = await client.query('rollback').then(
    () => true,
    () => false,
  )
  const isBroken = !rolledBack || (error instanceof DatabaseError && error.severity === 'FATAL')
  client.release(isBroken)
}
