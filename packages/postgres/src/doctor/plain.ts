import { identifier, relation } from '../quote.js'
import type { Check, Finding, Patient } from './finding.js'
import { installedNames } from './names.js'

/** What a pull by `updated_at` looks back, in s. A row that comes later than that is lost to it. */
const overlap = 30

/** Tables without exact mode, and whether rows were written in another order than their `updated_at` says. */
export const plain: Check = async (patient) => {
  const exact = new Set(await installedNames(patient))
  const names = Object.values(patient.declared).flatMap(({ name }) => (exact.has(name) ? [] : [name]))
  const { rows } = await patient.client.query<{ name: string }>(
    `select c.relname as name from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'updated_at'
     where c.relnamespace = 'public'::regnamespace and c.relname = any ($1) and not a.attisdropped
       and a.atttypid in ('timestamptz'::regtype, 'timestamp'::regtype) order by 1`,
    [names],
  )
  const found: Finding[] = []
  for (const { name } of rows) found.push(await lostRows(patient, name))
  return found
}

/** Rows that a later transaction has written, and whose time is earlier than that of rows that were there already. */
async function lostRows({ client }: Patient, name: string): Promise<Finding> {
  const { rows } = await client.query<{ n: number }>(
    `select count(*)::int as n from (
       select updated_at, max(updated_at) over (order by age(xmin) desc groups between unbounded preceding and 1 preceding) as before
       from ${relation(name)}
     ) ordered where before > updated_at + make_interval(secs => $1)`,
    [overlap],
  )
  const n = rows[0]?.n ?? 0
  const install = `Apply what \`tidemark sql\` prints; it installs ${identifier(name)} in exact mode.`
  if (n === 0)
    return {
      code: 'plain-mode',
      severity: 'warning',
      table: name,
      message: `${name} has no exact mode: a row whose transaction began early and commits late can be lost to clients.`,
      fix: install,
    }
  return {
    code: 'plain-lost-rows',
    severity: 'error',
    table: name,
    message: `${n} rows of ${name} were written after rows with a later updated_at: a client that pulled in between has not got them.`,
    fix: install,
  }
}
