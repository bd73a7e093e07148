import { randomUUID } from 'node:crypto'
import type pg from 'pg'

/** How much the writers do. */
export interface WritersOptions {
  readonly connections: readonly pg.Client[]
  readonly users: readonly string[]
  readonly transactions: number
  /** How often a statement empties a whole table, from 0 to 1; left out: never. */
  readonly emptying?: number
}

/**
 * Writes past all clients, on many connections at once: short transactions and long ones, savepoints, rollbacks, deletes,
 * cascades, upserts, changes of key and owner, memberships that come and go, TRUNCATE, and writes as a replica makes them.
 */
export async function write({
  connections,
  users,
  transactions,
  emptying = 0,
}: WritersOptions): Promise<void> {
  let left = transactions
  await Promise.all(
    connections.map(async (client, index) => {
      while (left > 0) {
        left -= 1
        await transaction(client, users, index, emptying)
      }
    }),
  )
}

const chance = (p: number): boolean => Math.random() < p
const pick = <T>(list: readonly T[]): T => list[Math.floor(Math.random() * list.length)] as T

/**
 * Locks and serialization: another one was first; and a TRUNCATE while constraints are still to be checked. It is what writers
 * meet, and no failure.
 */
const met = ['40P01', '40001', '23503', '23505', '55P03', '55006']

async function transaction(
  client: pg.Client,
  users: readonly string[],
  index: number,
  emptying: number,
): Promise<void> {
  await client.query('begin')
  try {
    if (chance(0.02)) await client.query("set local session_replication_role = 'replica'")
    for (let left = 1 + Math.floor(Math.random() * 3); left > 0; left -= 1)
      await (chance(emptying) ? empty(client) : statement(client, users))
    // A few stay open for long, while others that began later commit.
    if (index === 0 || chance(0.01)) await client.query('select pg_sleep(0.05 + random() * 0.3)')
    await client.query(chance(0.1) ? 'rollback' : 'commit')
  } catch (error) {
    await client.query('rollback')
    if (!met.includes((error as { code?: string }).code ?? '')) throw error
  }
}

type Statement = (client: pg.Client, users: readonly string[]) => Promise<unknown>

const some = (table: string): string => `(select id from public.${table} order by random() limit 1)`

const empty = (client: pg.Client): Promise<unknown> =>
  client.query(`truncate public.${pick(['notes', 'docs', 'members', 'settings'])} cascade`)

const insertNote: Statement = (client, users) =>
  client.query('insert into public.notes (id, user_id, title, at) values ($1, $2, $3, $4)', [
    randomUUID(),
    pick(users),
    `t${Math.random()}`,
    Math.floor(Math.random() * 1e6),
  ])

const statements: readonly (readonly [weight: number, statement: Statement])[] = [
  [30, insertNote],
  [
    25,
    (client) => client.query(`update public.notes set title = 'u' || random() where id = ${some('notes')}`),
  ],
  [8, (client) => client.query(`delete from public.notes where id = ${some('notes')}`)],
  [
    4,
    (client, users) =>
      client.query(`update public.notes set user_id = $1 where id = ${some('notes')}`, [pick(users)]),
  ],
  [2, (client) => client.query(`update public.notes set id = gen_random_uuid() where id = ${some('notes')}`)],
  [
    2,
    (client) =>
      client.query(`update public.settings set name = 'n' || floor(random() * 40) where (user_id, name) in
        (select user_id, name from public.settings order by random() limit 1)`),
  ],
  [
    3,
    (client) => client.query(`update public.notes set parent = ${some('notes')} where id = ${some('notes')}`),
  ],
  [
    6,
    (client) =>
      client.query(`insert into public.docs (id, title) values ($1, 'd' || random())`, [randomUUID()]),
  ],
  [4, (client) => client.query(`update public.docs set title = 'e' || random() where id = ${some('docs')}`)],
  [2, (client) => client.query(`delete from public.docs where id = ${some('docs')}`)],
  [
    8,
    (client, users) =>
      client.query(
        `insert into public.members (doc_id, user_id) select id, $1 from public.docs order by random() limit 1 on conflict do nothing`,
        [pick(users)],
      ),
  ],
  [
    5,
    (client) =>
      client.query(
        'delete from public.members where (doc_id, user_id) in (select doc_id, user_id from public.members order by random() limit 1)',
      ),
  ],
  [
    6,
    (client, users) =>
      client.query(
        `insert into public.settings (user_id, name, value) values ($1, 'n' || floor(random() * 40), '1')
         on conflict (user_id, name) do update set value = to_jsonb(random())`,
        [pick(users)],
      ),
  ],
  [
    4,
    async (client, users) => {
      await client.query('savepoint s')
      await insertNote(client, users)
      await client.query(chance(0.5) ? 'rollback to savepoint s' : 'release savepoint s')
    },
  ],
]

const total = statements.reduce((sum, [weight]) => sum + weight, 0)

function statement(client: pg.Client, users: readonly string[]): Promise<unknown> {
  let left = Math.random() * total
  const chosen = statements.find(([weight]) => (left -= weight) < 0)?.[1] ?? insertNote
  return chosen(client, users)
}
