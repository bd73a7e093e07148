import { DatabaseError, type Pool, type PoolClient } from 'pg'
import type { Request } from '../context.js'
import type { OutcomeRow, Statement } from './compile/envelope.js'
import { param, type Sql, sql, toQuery } from './sql/sql.js'
import type { Caller } from './request/caller.js'

/** What is run, for whom, and what must hold before it is kept. */
export interface Work {
  readonly request: Request
  readonly caller: Caller
  readonly statement: Statement
  /** Throws to take everything back. */
  readonly verify: (row: OutcomeRow) => void
  /** Nothing is kept, although the answer is as if it were. */
  readonly isRehearsal: boolean
}

export interface Outcome extends OutcomeRow {
  /** Rows the plan expects, when an estimate was asked for. */
  readonly planned?: number
}

/** Runs the statement in a transaction of its own, with the caller's role and claims. */
export async function runWork(pool: Pool, work: Work): Promise<Outcome> {
  const client = await pool.connect()
  try {
    await client.query(work.statement.isReadOnly ? 'begin read only' : 'begin')
    const outcome = await runInside(client, work)
    await client.query(work.isRehearsal ? 'rollback' : 'commit')
    client.release()
    return outcome
  } catch (error) {
    await giveBack(client, error)
    throw error
  }
}

async function runInside(client: PoolClient, { request, caller, statement, verify }: Work): Promise<Outcome> {
  await client.query(toQuery(settingsOf(request, caller)))
  const planned = statement.estimated && (await plannedRows(client, statement.estimated))
  const { rows } = await client.query<OutcomeRow>(toQuery(statement.sql))
  const row = rows[0]
  if (!row) throw new Error('A statement gave no row')
  verify(row)
  return { ...row, ...(planned !== undefined && { planned }) }
}

/** The role comes last: what follows is decided by its rights. */
function settingsOf(request: Request, { role, claims }: Caller): Sql {
  const { cookie = '', ...headers } = request.headers
  const setting = (name: string, value: string) => sql`set_config(${param(name)}, ${param(value)}, true)`
  return sql`select ${setting('search_path', '"public", "extensions"')},
    ${setting('request.jwt.claims', JSON.stringify(claims))},
    ${setting('request.method', request.method)},
    ${setting('request.path', request.url.pathname)},
    ${setting('request.headers', JSON.stringify(headers))},
    ${setting('request.cookies', JSON.stringify(cookiesOf(cookie)))},
    ${setting('role', role)}`
}

function cookiesOf(header: string): Record<string, string> {
  const pairs = header.split(';').flatMap((pair): [string, string][] => {
    const [name = '', ...value] = pair.trim().split('=')
    return name === '' ? [] : [[name, value.join('=')]]
  })
  return Object.fromEntries(pairs)
}

async function plannedRows(client: PoolClient, query: Sql): Promise<number> {
  const explain = toQuery(sql`explain (format json) ${query}`)
  const { rows } = await client.query<{ 'QUERY PLAN': { Plan: { 'Plan Rows': number } }[] }>(explain)
  return rows[0]?.['QUERY PLAN'][0]?.Plan['Plan Rows'] ?? 0
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
