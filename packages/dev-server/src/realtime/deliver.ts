import type { Pool } from 'pg'
import type { Claims } from '../context.js'
import type { Faults } from '../faults.js'
import { imageOf, refusalOf, toChangeData } from './changeData.js'
import type { Change } from './changeLog.js'
import { columnsOf, matchingRows } from './matching.js'
import type { Metadata, TableFacts } from './metadata.js'
import { concerns, type Receiver, type Subscription } from './subscription.js'
import { visibleRows } from './visible.js'

export interface DeliveryTools {
  readonly pool: Pool
  readonly metadata: Metadata
  readonly faults: Faults
  readonly log: (message: string) => void
}

/** The positions, in a run of changes, that a subscription is told of. */
type Found = Map<Subscription, ReadonlySet<number>>

type Rights = ReadonlyMap<string, ReadonlySet<string>>

/**
 * Delivers a run of changes of one table, in its order: one query for each distinct filter, and one for each distinct caller
 * where row level security is on, however many changes there are.
 */
export async function deliver(
  tools: DeliveryTools,
  subscriptions: readonly Subscription[],
  changes: readonly Change[],
): Promise<void> {
  const [first] = changes
  const interested = subscriptions.filter((one) => changes.some((change) => concerns(one, change)))
  if (!first || interested.length === 0) return
  const table = await tools.metadata.table(first.schema, first.table)
  if (!table) return
  const rights = await rightsOf(tools, table, interested)
  const matching = await findMatching(tools, { table, rights, changes }, interested)
  const found = table.rls ? await keepVisible(tools, { table, rights, changes }, matching) : matching
  for (const [position, change] of changes.entries()) {
    const told = interested.filter((one) => found.get(one)?.has(position))
    tell(tools.faults, table, change, told, rights)
  }
}

async function rightsOf(
  { metadata }: DeliveryTools,
  table: TableFacts,
  interested: readonly Subscription[],
): Promise<Rights> {
  const roles = [...new Set(interested.map(({ claims }) => claims.role))]
  const read = roles.map(async (role) => [role, await metadata.selectable(table, role)] as const)
  return new Map(await Promise.all(read))
}

interface Run {
  readonly table: TableFacts
  readonly rights: Rights
  readonly changes: readonly Change[]
}

async function findMatching(
  tools: DeliveryTools,
  { table, rights, changes }: Run,
  interested: readonly Subscription[],
): Promise<Found> {
  const images = changes.map((change) => imageOf(table, change))
  const readable = interested.filter(({ claims, filters }) =>
    columnsOf(filters).every((name) => rights.get(claims.role)?.has(name)),
  )
  const distinct = new Map(
    readable.flatMap(({ filters }) => (filters.length === 0 ? [] : [[JSON.stringify(filters), filters]])),
  )
  const answers = await matchingRows(tools, table, images, [...distinct.values()])
  const passing = new Map([...distinct.keys()].map((key, at) => [key, answers[at]]))
  return new Map(
    readable.map((one) => {
      const own =
        one.filters.length === 0 ? undefined : (passing.get(JSON.stringify(one.filters)) ?? new Set())
      return [one, positionsOf(changes, (change, at) => concerns(one, change) && own?.has(at) !== false)]
    }),
  )
}

/** Asks for what is new; deletions are told to everybody, and refusals need no asking. */
async function keepVisible(
  { pool, log }: DeliveryTools,
  { table, rights, changes }: Run,
  found: Found,
): Promise<Found> {
  const askers = new Map<string, { claims: Claims; positions: Set<number> }>()
  const needsAsking = ({ claims }: Subscription, position: number): boolean => {
    const change = changes[position]
    if (!change || change.op === 'DELETE') return false
    return refusalOf(table, change, rights.get(claims.role) ?? new Set()) === undefined
  }
  for (const [one, positions] of found) {
    const asker = askers.get(JSON.stringify(one.claims)) ?? { claims: one.claims, positions: new Set() }
    for (const position of positions) if (needsAsking(one, position)) asker.positions.add(position)
    if (asker.positions.size > 0) askers.set(JSON.stringify(one.claims), asker)
  }
  const records = changes.map(({ record = {} }) => record)
  const answers = await visibleRows(pool, table, records, [...askers.values()], log)
  const visible = new Map([...askers.keys()].map((key, at) => [key, answers[at]]))
  return new Map(
    [...found].map(([one, positions]) => {
      const seen = visible.get(JSON.stringify(one.claims))
      return [one, new Set([...positions].filter((at) => !needsAsking(one, at) || seen?.has(at)))]
    }),
  )
}

function tell(
  faults: Faults,
  table: TableFacts,
  change: Change,
  told: readonly Subscription[],
  rights: Rights,
): void {
  for (const [receiver, parcels] of parcelsOf(told)) {
    for (const [one, ids] of parcels) {
      const { missEvents, repeatEvents } = faults.forUser(one.claims.sub)
      if (faults.happens(missEvents)) continue
      const data = toChangeData(table, change, rights.get(one.claims.role) ?? new Set(), one.select)
      receiver(ids, data)
      if (faults.happens(repeatEvents)) receiver(ids, data)
    }
  }
}

/** One message for each receiver and choice of columns, with the ids of all that asked for it. */
function parcelsOf(told: readonly Subscription[]): Map<Receiver, (readonly [Subscription, number[]])[]> {
  const parcels = new Map<Receiver, (readonly [Subscription, number[]])[]>()
  for (const one of told) {
    const own = parcels.get(one.receiver) ?? []
    const equal = own.find(([other]) => JSON.stringify(other.select) === JSON.stringify(one.select))
    if (!equal) own.push([one, [one.id]])
    else if (!equal[1].includes(one.id)) equal[1].push(one.id)
    parcels.set(one.receiver, own)
  }
  return parcels
}

const positionsOf = (
  changes: readonly Change[],
  holds: (change: Change, position: number) => boolean,
): ReadonlySet<number> =>
  new Set(changes.flatMap((change, position) => (holds(change, position) ? [position] : [])))
