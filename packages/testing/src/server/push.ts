import type { ExactChange, ExactMutation, ExactPushAnswer, ExactResult } from '@tidemark/core/remote'
import { SqlError, type Row, type Transaction, type Version } from './database.js'
import type { SimServer } from './server.js'

/** Failures that may pass: the whole request fails with them. */
const passing = ['40001', '40P01', '53', '55P03', '57014']

class Conflict extends Error {
  readonly change: number
  readonly version: Version | undefined
  constructor(change: number, version: Version | undefined) {
    super('conflict')
    this.change = change
    this.version = version
  }
}

/** Told of each change that takes effect. */
export type Applied = (change: ExactChange) => void

/** `tidemark_push`, as PROTOCOL.md of @tidemark/postgres says it. */
export function push(
  server: SimServer,
  user: string,
  clientId: string,
  mutations: readonly ExactMutation[],
  applied: Applied,
): ExactPushAnswer {
  const client: Client & { user: string } = server.clients.get(clientId) ?? {
    user,
    last: 0,
    refusals: new Map(),
  }
  if (client.user !== user) throw new SqlError('TM004', "The client is another user's.")
  const transaction = server.database.begin()
  const head = { epoch: server.epoch, xid: String(transaction.xid) }
  const first = mutations[0]?.id ?? client.last + 1
  try {
    if (first > client.last + 1) {
      transaction.rollback()
      return { ...head, last: client.last, results: [], gap: client.last + 1 }
    }
    const { results, last, effects, refusals } = carryOut(server, transaction, user, client, mutations)
    server.clients.set(clientId, { user, last, refusals: new Map([...client.refusals, ...refusals]) })
    server.commit(transaction)
    effects.forEach(applied)
    return { ...head, last, results }
  } catch (error) {
    transaction.rollback()
    throw error
  }
}

type Client = {
  last: number
  refusals: ReadonlyMap<number, { code: string; message: string; table: string; change: number }>
}

function carryOut(
  server: SimServer,
  transaction: Transaction,
  user: string,
  client: Client,
  mutations: readonly ExactMutation[],
) {
  const results: ExactResult[] = []
  const effects: ExactChange[] = []
  const refusals = new Map<number, { code: string; message: string; table: string; change: number }>()
  let last = client.last
  for (const { id, changes } of mutations) {
    if (id <= last) {
      const error = client.refusals.get(id)
      results.push(error ? { id, status: 'refused', error } : { id, status: 'applied' })
      continue
    }
    const end = attempt(server, transaction, user, changes)
    if (end.conflict) {
      const { change, version } = end.conflict
      results.push({
        id,
        status: 'conflict',
        change,
        row: version ? { ...version.row, sync_seq: version.seq } : null,
      })
      break
    }
    last = id
    if (end.error) refusals.set(id, end.error)
    else effects.push(...end.effects)
    results.push(end.error ? { id, status: 'refused', error: end.error } : { id, status: 'applied' })
  }
  return { results, last, effects, refusals }
}

function attempt(server: SimServer, transaction: Transaction, user: string, changes: readonly ExactChange[]) {
  let at = 0
  const effects: ExactChange[] = []
  try {
    transaction.attempt(() => {
      changes.forEach((change, index) => {
        at = index
        if (apply(server, transaction, user, change, index)) effects.push(change)
      })
    })
    return { effects }
  } catch (error) {
    if (error instanceof Conflict) return { conflict: error, effects: [] }
    if (!(error instanceof SqlError) || passing.some((code) => error.code.startsWith(code))) throw error
    const { code, message } = error
    return { error: { code, message, table: changes[at]?.table ?? '', change: at }, effects: [] }
  }
}

/** Carries one change out; false when a later write of somebody else makes it void. */
function apply(
  server: SimServer,
  transaction: Transaction,
  user: string,
  change: ExactChange,
  index: number,
): boolean {
  const { table, key, op } = change
  const old = transaction.get(table, key)
  const seen = old && server.sees(user, table, old.row, transaction) ? old : undefined
  if (op === 'insert') return insert(server, transaction, user, change, seen, old !== undefined)
  if (op === 'delete' && !seen) return true
  if (!seen || !server.writes(user, table, seen.row, transaction))
    throw new SqlError('TM001', 'The row is gone, or a policy hides it.')
  if (isVoid(change, seen, index)) return false
  if (op === 'delete') return transaction.remove(table, key)
  return write(server, transaction, user, table, { ...seen.row, ...change.values })
}

/** True when a later write of somebody else has decided. */
function isVoid({ at, seq }: ExactChange, seen: Version, index: number): boolean {
  if (seq !== undefined && seq !== seen.seq) throw new Conflict(index, seen)
  return at !== undefined && String(seen.row.updated_at) > at
}

function insert(
  server: SimServer,
  transaction: Transaction,
  user: string,
  { table, values = {}, or }: ExactChange,
  seen: Version | undefined,
  exists: boolean,
): boolean {
  const becomesUpdate = or === 'update' && seen && server.writes(user, table, seen.row, transaction)
  if (exists && !becomesUpdate) throw new SqlError('23505', 'The key is there already.')
  return write(server, transaction, user, table, { ...seen?.row, ...values })
}

function write(server: SimServer, transaction: Transaction, user: string, table: string, row: Row): boolean {
  if (!server.writes(user, table, row, transaction))
    throw new SqlError('42501', `A policy of '${table}' refuses the row.`)
  server.put(transaction, table, row)
  return true
}
