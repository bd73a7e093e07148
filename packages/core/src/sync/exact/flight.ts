import { coalesce, type Outgoing } from '../../outbox/coalesce.js'
import type { Mutation } from '../../outbox/mutation.js'
import { bytesOf, mostBytes } from '../../outbox/size.js'
import type { ExactChange } from '../../remote/exact.js'
import type { ProtocolContext } from '../../remote/protocol.js'
import { keyId } from '../../schema/key.js'
import type { Table } from '../../schema/table.js'
import { resolveConflict, writtenAt } from '../conflict.js'
import { seqOf } from './mark.js'
import { names, readAcknowledged, type ClientState, type Flight, type Flying } from './state.js'

/** What one request carries at most, besides `mostBytes`. */
const mostMutations = 100

/**
 * Takes what can be sent from the front of the queue, and writes it to the disk with its numbers. Resolves with false when
 * nothing can be sent before the next pull.
 */
export async function nextFlight(context: ProtocolContext, queue: readonly Mutation[]): Promise<boolean> {
  const { store, ports } = context
  const { outgoing, gone } = coalesce(queue)
  const ready = await sendable(context, outgoing)
  if (ready === 'resolved') return true
  const mutations = fitting(groupsOf(ready).map((group) => flyingOf(context, group)))
  const known = (await store.meta(names.client)) as ClientState | undefined
  const client = known ?? { id: ports.uuid(), next: 1 }
  const flight: Flight | undefined =
    mutations.length > 0 ? { client: client.id, first: client.next, mutations } : undefined
  if (!flight && gone.length === 0) return false
  await store.commit({
    settle: gone.map(({ id }) => id),
    meta: { [names.client]: client, [names.flight]: flight },
    when: [names.flight, undefined],
    strict: true,
  })
  return true
}

/** Entries up to the first whose table decides conflicts by a function, and whose row is not known as the server has it now. */
async function sendable(
  context: ProtocolContext,
  outgoing: readonly Outgoing[],
): Promise<readonly Outgoing[] | 'resolved'> {
  const decided = outgoing.some((entry) => typeof tableOf(context, entry).conflict === 'function')
  if (!decided) return outgoing
  const underway = await rowsUnderway(context)
  const ready: Outgoing[] = []
  for (const entry of outgoing) {
    const table = tableOf(context, entry)
    if (typeof table.conflict === 'function' && underway.has(rowName(entry))) break
    if (await resolveConflict(context, table, entry)) return 'resolved'
    ready.push(entry)
  }
  return ready
}

/** Rows with a write that the server has applied, and that has not come back yet. */
async function rowsUnderway({ store }: ProtocolContext): Promise<Set<string>> {
  const waiting = new Set((await readAcknowledged(store)).flatMap(({ ids }) => ids))
  return new Set(store.pending().flatMap((mutation) => (waiting.has(mutation.id) ? [rowName(mutation)] : [])))
}

const rowName = ({ table, key }: Pick<Outgoing, 'table' | 'key'>): string => `${table}/${keyId(key)}`

/** Neighbours that were written in one group; each of the others is a group of its own. */
function groupsOf(outgoing: readonly Outgoing[]): Outgoing[][] {
  const groups: Outgoing[][] = []
  const groupOf = (entry?: Outgoing): string | undefined => entry?.mutations[0]?.group
  for (const entry of outgoing) {
    const last = groups.at(-1)
    if (last && groupOf(entry) !== undefined && groupOf(last[0]) === groupOf(entry)) last.push(entry)
    else groups.push([entry])
  }
  return groups
}

const flyingOf = (context: ProtocolContext, group: readonly Outgoing[]): Flying => ({
  changes: group.map((entry) => changeOf(context, entry)),
  ids: group.map(({ mutations }) => mutations.map(({ id }) => id)),
})

function changeOf(context: ProtocolContext, entry: Outgoing): ExactChange {
  const { table: name, key, op, columns: values } = entry
  const table = tableOf(context, entry)
  const seq = seqOf(context.store.overlay.base(name, keyId(key)))
  const shared = op === 'insert' && table.key.length > 1
  return {
    table: name,
    op,
    key,
    ...(op !== 'delete' && { values }),
    ...(shared && { or: 'update' as const }),
    ...(op !== 'insert' && table.conflict === 'updated-at' && { at: writtenAt(entry) }),
    ...(op === 'update' && typeof table.conflict === 'function' && seq !== undefined && { seq }),
  }
}

/** As many from the front as one request may carry; one at least. */
function fitting(mutations: readonly Flying[]): Flying[] {
  let bytes = 0
  const end = mutations.findIndex(({ changes }, index) => {
    bytes += bytesOf(changes)
    return index > 0 && (index >= mostMutations || bytes > mostBytes)
  })
  return mutations.slice(0, end === -1 ? undefined : end)
}

function tableOf({ store }: ProtocolContext, { table }: Outgoing): Table {
  const found = store.tables.get(table)
  if (!found) throw new Error(`Table '${table}' is not declared.`)
  return found
}
