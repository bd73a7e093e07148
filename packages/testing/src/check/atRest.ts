import type { AnyTable, Mutation } from '@tidemark/core'
import { getKey, keyId } from '@tidemark/core/remote'
import type { Scenario } from '../scenario.js'
import type { Tab } from '../world/tab.js'
import type { World } from '../world/world.js'
import type { Journal, Written } from './journal.js'

type Row = Readonly<Record<string, unknown>>

/** What happened on the way to the rest. */
export interface Past {
  readonly journal: Journal
  readonly restored: boolean
}

/** What is wrong when everything has come to rest: rules R4 to R6, and the scenario's own. */
export function wrongAtRest(
  world: World,
  scenario: Scenario,
  { journal, restored }: Past,
  parked: readonly Mutation[],
): string[] {
  const rows = world.devices.flatMap((device) =>
    device.tabs.flatMap((tab) =>
      Object.values(scenario.schema.tables).flatMap((table) => wrongRows(world, tab, table)),
    ),
  )
  const own = scenario.check?.({
    rows: (table) => world.server.database.all(table).map(({ row }) => row),
    writes: journal.writes,
    parked,
    restored,
  })
  // A backup takes back what was there, and what is sent again may have been in it.
  const writes = restored
    ? []
    : [...lostWrites(world, journal, parked), ...repeated(world), ...halves(world, journal)]
  const waiting = world.devices.flatMap(({ tabs }) => tabs.flatMap(stillWaiting))
  return [...rows, ...waiting, ...writes, ...(own ?? [])]
}

/** R5: when nothing is in the way, everything is sent. */
const stillWaiting = ({ name, tide }: Tab): string[] =>
  (tide.outbox.pending$.current ?? []).map(
    ({ table, key }) => `R5: ${name}: ${table} ${keyId(key)} is not sent.`,
  )

/** R6: a tab shows exactly the rows that its user may see, as far as its window reaches. */
function wrongRows(world: World, tab: Tab, table: AnyTable): string[] {
  const where = `${tab.name} (${tab.user}), ${table.name}`
  const shown = tab.rows(table.name)
  if (!shown) return [`R1: ${where}: nothing was shown.`]
  const server = byKey(table, world.server.visible(tab.user, table.name).filter(inWindow(world, table)))
  const local = byKey(
    table,
    shown.filter((row) => !isAside(row)),
  )
  const parked = new Set(tab.tide.outbox.parked$.current?.map((one) => keyId(one.mutation.key)))
  const missing = [...server.keys()].filter((id) => !local.has(id) && !parked.has(id))
  const ghosts = [...local]
    .filter(([id, row]) => !server.has(id) && inWindow(world, table)(row))
    .map(([id]) => id)
  const stale = [...local]
    .filter(([id, row]) => server.has(id) && !sameColumns(server.get(id) ?? {}, row))
    .map(([id]) => id)
  return [
    ...missing.map((id) => `R6: ${where}: row ${id} is missing.`),
    ...ghosts.map((id) => `R6: ${where}: row ${id} is a ghost.`),
    ...stale.map(
      (id) =>
        `R6: ${where}: row ${id} is stale: ${JSON.stringify(local.get(id))}, the server has ${JSON.stringify(server.get(id))}.`,
    ),
  ]
}

/** A row with a parked write is shown as the server has it, with its error; a pending one has not come to rest. */
const isAside = (row: Row): boolean => row._pending === true

function inWindow(world: World, { window }: AnyTable): (row: Row) => boolean {
  if (!window) return () => true
  // Whole days are held; a day at each end may be held or not, because time has passed since.
  const day = 86_400_000
  const from = world.scheduler.now - window.before + day
  const to = world.scheduler.now + window.after - day
  return (row) => Number(row[window.on]) >= from && Number(row[window.on]) <= to
}

const byKey = (table: AnyTable, rows: readonly Row[]): Map<string, Row> =>
  new Map(rows.map((row) => [keyId(getKey(table.key, row) ?? ''), row]))

const sameColumns = (server: Row, local: Row): boolean =>
  Object.entries(server).every(([column, value]) => JSON.stringify(local[column]) === JSON.stringify(value))

/** R4, R5: what was stored has reached the server, or was overwritten by the same device, or waits visibly. */
function lostWrites({ applied }: World, journal: Journal, parked: readonly Mutation[]): string[] {
  const known = new Set([
    ...applied.flatMap(({ change }) => Object.values(change.values ?? {})),
    ...parked.flatMap(({ patch }) => Object.values(patch)),
  ])
  const followed = journal.writes.filter(({ marker, op }) => marker !== undefined && op !== 'delete')
  const lost = followed.filter(
    (write) => write.state === 'stored' && !known.has(write.marker) && !journal.isSuperseded(write),
  )
  const undead = followed.filter(({ state, marker }) => state === 'failed' && known.has(marker))
  const name = ({ device, table, key, marker }: Written): string =>
    `${device}: ${marker} (${table} ${keyId(key)})`
  return [
    ...lost.map((write) => `R5: ${name(write)} was stored, and is lost.`),
    ...undead.map((write) => `R2: ${name(write)} has failed, and took effect.`),
  ]
}

/** The mutations that wait for a user in a tab. */
export const parkedIn = ({ tide }: Tab): Mutation[] =>
  (tide.outbox.parked$.current ?? []).flatMap(({ mutation, waiting }) => [mutation, ...waiting])

/** R5: of a group, everything takes effect or nothing. */
function halves({ applied }: World, journal: Journal): string[] {
  const values = new Set(applied.flatMap(({ change }) => Object.values(change.values ?? {})))
  const followed = journal.writes.filter(({ marker }) => marker !== undefined)
  const groups = new Set(followed.flatMap(({ group }) => (group === undefined ? [] : [group])))
  return [...groups].flatMap((group) => {
    const writes = followed.filter((write) => write.group === group)
    const there = writes.filter(({ marker }) => values.has(marker))
    const missing = writes.filter((write) => !there.includes(write) && !journal.isSuperseded(write))
    return there.length > 0 && missing.length > 0
      ? [`R5: of group ${group}, ${there.length} took effect and ${missing.length} did not.`]
      : []
  })
}

/** R5: nothing takes effect twice. */
function repeated(world: World): string[] {
  const seen = new Set<unknown>()
  return world.applied.flatMap(({ change }) => {
    const key = `${change.op} ${change.table} ${JSON.stringify(change.values)} ${keyId(change.key)}`
    const isFollowed = Object.values(change.values ?? {}).some((value) => String(value).startsWith('#'))
    if (!isFollowed) return []
    if (seen.has(key)) return [`R5: ${key} took effect twice.`]
    seen.add(key)
    return []
  })
}
