import { DatabaseError, type Pool, type PoolClient } from 'pg'
import { type OutcomeRow, type Statement, toOutcomeRow } from './compile/envelope.js'
import { runBatch, type TextRow } from './sql/batch.js'
import type { Prepared } from './sql/prepared.js'
import { empty, type Sql, sql } from './sql/sql.js'

/** What is run, for whom, and what must hold before it is kept. */
export interface Work {
  /** `select` with the settings of the transaction; fails when the statement was made with an old catalogue. */
  readonly settings: Sql
  readonly prepared: Prepared
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

/**
 * Runs the statement in a transaction of its own, with the caller's role and claims.
 * @throws DatabaseError, or what `verify` throws
 */
export type RunWork = (work: Work) => Promise<Outcome>

export function createRunner(pool: Pool): RunWork {
  const preparedOn = new WeakMap<PoolClient, Prepared>()
  return async (work) => {
    const client = await pool.connect()
    try {
      const outcome = work.statement.isReadOnly ? await read(client, work) : await write(client, work)
      // A connection that still keeps statements for an older structure is not used again.
      const before = preparedOn.get(client)
      preparedOn.set(client, work.prepared)
      client.release(before !== undefined && before !== work.prepared)
      return outcome
    } catch (error) {
      await giveBack(client, error)
      throw error
    }
  }
}

/** One batch is one transaction, which the settings make read only; nothing has to be taken back when its answer is not what was wanted. */
async function read(client: PoolClient, work: Work): Promise<Outcome> {
  const outcome = outcomeOf(work, await runBatch(client, stepsOf(work), work.prepared))
  work.verify(outcome)
  return outcome
}

/** What the answer tells decides whether the transaction is kept. */
async function write(client: PoolClient, work: Work): Promise<Outcome> {
  const [, ...rest] = await runBatch(client, [sql`begin`, ...stepsOf(work)], work.prepared)
  const outcome = outcomeOf(work, rest)
  work.verify(outcome)
  // What is only looked at in the end would not be looked at without a commit.
  const rehearsal = [sql`set constraints all immediate`, sql`rollback`]
  await runBatch(client, work.isRehearsal ? rehearsal : [sql`commit`])
  return outcome
}

/** The statement stands before what is not always there, so that its place is known. */
function stepsOf({ settings, before, statement, explain }: Work): Sql[] {
  const main = explain ? sql`${explain}${statement.sql}` : statement.sql
  const estimated = statement.estimated && sql`explain (format json) ${statement.estimated}`
  return [settings, ...(before ? [before] : []), main, ...(estimated ? [estimated] : [])]
}

function outcomeOf(work: Work, [, ...rest]: TextRow[][]): Outcome {
  const [main = [], estimated] = work.before ? rest.slice(1) : rest
  if (work.explain) return explained(main)
  const [row] = main
  if (!row) throw new Error('A statement gave no row')
  return { ...toOutcomeRow(row), ...(estimated && { planned: plannedRows(estimated) }) }
}

const explained = (lines: readonly TextRow[]): Outcome => ({
  ...toOutcomeRow([]),
  body: lines.map(([line]) => `${line ?? ''}\n`).join(''),
})

function plannedRows([row]: readonly TextRow[]): number {
  const [{ Plan = {} } = {}] = JSON.parse(row?.[0] ?? '[]') as { Plan?: { 'Plan Rows'?: number } }[]
  return Plan['Plan Rows'] ?? 0
}

/** `explain (format json, analyze) `. */
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
