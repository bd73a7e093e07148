import type { AnyTable } from '@tidemark/core'
import type { WriteContext } from '../scenario.js'
import { SqlError, type Transaction } from '../server/database.js'
import type { SimServer } from '../server/server.js'
import type { AnyRow } from '../world/tab.js'
import { chooseWrite, type Chosen } from './appWrite.js'
import type { StepWorld } from './stepWorld.js'

/** Somebody writes past the apps, in a transaction that may stay open for long. */
export function serverWrite(at: StepWorld): void {
  const { world, scenario, open } = at
  const { random, server } = world
  const [name = '', writes] = random.pick(Object.entries(scenario.writes)) ?? []
  const table = scenario.schema.tables[name]
  if (!table || !writes) return
  const context = contextOf(at, random.pick(at.users) ?? '')
  const chosen = chooseWrite(table, writes, context, context.rows(table.name))
  const transaction = pickTransaction(at)
  try {
    if (chosen) carryOut(server, transaction, table, chosen)
  } catch (error) {
    if (!(error instanceof SqlError)) throw error
    // The row is another transaction's, so this one gives up, as a client does after a serialization failure.
    transaction.rollback()
    open.splice(open.indexOf(transaction), 1)
  }
}

function contextOf({ world, users, count }: StepWorld, user: string): WriteContext {
  return {
    random: world.random,
    user,
    users,
    marker: `s${count}`,
    id: `r${count}`,
    tabs: 0,
    now: world.scheduler.now,
    rows: (table) => world.server.visible(user, table),
  }
}

function pickTransaction({ world: { random, server }, open }: StepWorld): Transaction {
  if (open.length === 0 || (open.length < 3 && random.chance(0.4))) open.push(server.database.begin())
  return random.pick(open) ?? server.database.begin()
}

function carryOut(server: SimServer, transaction: Transaction, table: AnyTable, chosen: Chosen): void {
  const { op, key, values } = chosen
  if (op === 'delete') transaction.remove(table.name, key)
  else if (op === 'insert') server.put(transaction, table.name, { ...defaultsOf(table), ...values })
  else {
    const row = transaction.get(table.name, key)?.row
    if (row) server.put(transaction, table.name, { ...row, ...values })
  }
}

const defaultsOf = ({ row }: AnyTable): AnyRow =>
  Object.fromEntries(
    Object.entries(row._zod.def.shape).flatMap(([column, schema]) => {
      const { def } = schema._zod as { def: { type: string; defaultValue?: unknown } }
      return def.type === 'default' ? [[column, def.defaultValue]] : []
    }),
  )

/** One of the open transactions ends: not in the order in which they began. */
export function serverEnd({ world, open }: StepWorld): void {
  const transaction = world.random.pick(open)
  if (!transaction) return
  open.splice(open.indexOf(transaction), 1)
  if (world.random.chance(0.2)) transaction.rollback()
  else world.server.commit(transaction)
}

/** Somebody changes a row with the triggers switched off. */
export function bypass({ world }: StepWorld): void {
  const { database } = world.server
  const entry = world.random.pick([...database.rows].filter(([, { table }]) => table === 'notes'))
  if (!entry) return
  const [id, version] = entry
  database.rows.set(id, { ...version, row: { ...version.row, body: 'changed past the triggers' } })
}

export function backup(at: StepWorld): void {
  const { world, open } = at
  if (!at.backup) at.backup = world.server.backUp()
  else {
    for (const transaction of open.splice(0)) transaction.rollback()
    world.server.restore(at.backup)
    at.backup = undefined
    at.restored = true
  }
}
