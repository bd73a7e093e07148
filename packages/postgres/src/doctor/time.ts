import type { Check } from './finding.js'

/** In ms. */
const skewAllowed = 2_000

/** Clocks that differ, transactions that hold every snapshot back, and touches that are kept too long. */
export const time: Check = async (patient) => [
  ...(await clocks(patient)),
  ...(await longTransactions(patient)),
  ...(await oldTouches(patient)),
]

const clocks: Check = async ({ client, now }) => {
  const before = now()
  const { rows } = await client.query<{ ms: number }>(
    'select extract(epoch from clock_timestamp())::float8 * 1000 as ms',
  )
  const [middle, half] = [(before + now()) / 2, (now() - before) / 2]
  const skew = Math.abs((rows[0]?.ms ?? middle) - middle)
  if (skew - half <= skewAllowed) return []
  return [
    {
      code: 'clock-skew',
      severity: 'warning',
      message: `The clocks of the database and of this computer differ by ${(skew / 1000).toFixed(1)} s; the policy 'updated-at' orders by clocks.`,
      fix: 'Let both follow a time server.',
    },
  ]
}

const longTransactions: Check = async ({ client, longest }) => {
  const { rows } = await client.query<{ who: string; seconds: number }>(
    `
    select coalesce(nullif(application_name, ''), usename::text, 'pid ' || pid) as who,
      extract(epoch from clock_timestamp() - xact_start)::int as seconds
    from pg_stat_activity where xact_start < clock_timestamp() - make_interval(secs => $1) and datname = current_database()
      and backend_xid is not null
    union all
    select 'prepared ' || gid, extract(epoch from clock_timestamp() - prepared)::int from pg_prepared_xacts
    where prepared < clock_timestamp() - make_interval(secs => $1) and database = current_database()`,
    [longest],
  )
  return rows.map(({ who, seconds }) => ({
    code: 'long-transaction',
    severity: 'warning',
    message: `A transaction of ${who} has been open for ${seconds} s: every pull since looks at all that was written after it began.`,
    fix: 'End it, or set idle_in_transaction_session_timeout.',
  }))
}

const oldTouches: Check = async ({ client }) => {
  const { rows: kit } = await client.query<{ there: boolean }>(
    `select to_regclass('tidemark.tombstones') is not null as there`,
  )
  if (kit[0]?.there !== true) return []
  const { rows } = await client.query<{ n: number }>(
    `select count(*)::int as n from (select from tidemark.tombstones where at < now() - interval '60 days' limit 100000) old`,
  )
  const n = rows[0]?.n ?? 0
  if (n === 0) return []
  return [
    {
      code: 'touches-old',
      severity: 'warning',
      message: `${n}${n === 100_000 ? ' or more' : ''} touches are older than 60 days.`,
      fix: `Run select tidemark.prune('30 days'); every day, with pg_cron: select cron.schedule('tidemark', '17 3 * * *', 'select tidemark.prune()');`,
    },
  ]
}
