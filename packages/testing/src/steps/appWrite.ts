import type { AnyTable, TableApi } from '@tidemark/core'
import { getKey, keyId } from '@tidemark/core/remote'
import type { Written } from '../check/journal.js'
import type { Scenario, TableWrites, WriteContext } from '../scenario.js'
import type { AnyRow, Tab } from '../world/tab.js'
import type { Device } from '../world/world.js'
import { pickTab, type StepWorld } from './stepWorld.js'

/** A user writes in a tab. */
export function appWrite(at: StepWorld): void {
  const { world, scenario } = at
  const picked = pickTab(world)
  const [name = '', writes] = world.random.pick(Object.entries(scenario.writes)) ?? []
  const table = scenario.schema.tables[name]
  if (!picked || !writes || !table) return
  const context = contextOf(at, picked.device, picked.tab)
  const chosen = chooseWrite(table, writes, context, picked.tab.rows(table.name) ?? [])
  const api = picked.tab.tide.tables[name]
  if (chosen && api) note(at, picked, table, chosen, context, () => carryOut(api, chosen))
}

/** A write that an app is about to make. */
export interface Chosen {
  readonly op: Written['op']
  readonly key: Written['key']
  readonly values: AnyRow
}

/** Chooses what to write to a table whose rows are given. */
export function chooseWrite(
  table: AnyTable,
  writes: TableWrites,
  context: WriteContext,
  rows: readonly AnyRow[],
): Chosen | undefined {
  const { random } = context
  const row = random.pick(rows)
  const chance = random.next()
  if (!row || chance >= 0.6) return insertion(table, writes, context)
  const key = getKey(table.key, row) ?? ''
  if (chance < 0.15 && writes.remove !== false) return { op: 'delete', key, values: {} }
  const values = writes.update?.(row, context)
  return values && { op: 'update', key, values }
}

function insertion(table: AnyTable, writes: TableWrites, context: WriteContext): Chosen | undefined {
  const values = writes.insert?.(context)
  const key = values && getKey(table.key, values)
  return values && key !== undefined ? { op: 'insert', key, values } : undefined
}

function carryOut(api: TableApi<AnyTable>, { op, key, values }: Chosen): Promise<unknown> {
  if (op === 'delete') return api.delete(key)
  return op === 'update' ? api.update(key, values) : api.insert(values)
}

function note(
  at: StepWorld,
  { device, tab }: { device: Device; tab: Tab },
  table: AnyTable,
  chosen: Chosen,
  { marker }: WriteContext,
  run: () => Promise<unknown>,
): void {
  const write = journalled(at, device, tab, table, chosen, marker)
  const done = run()
  const seen = tab.rows(table.name) === undefined || shows(tab, table, chosen)
  done.then(
    () => {
      if (!tab.dead) write.state = 'stored'
      if (!seen)
        at.wrong.push(`R2: ${tab.name}: a ${chosen.op} of ${table.name} was not seen when the call returned.`)
    },
    () => (write.state = 'failed'),
  )
}

/** Writes into the journal what an app is about to write. */
export function journalled(
  { journal, scenario }: StepWorld,
  device: Device,
  tab: Tab,
  table: AnyTable,
  { op, key, values }: Chosen,
  marker: string,
  group?: string,
): Written {
  const column = Object.keys(values).find((name) => values[name] === marker)
  const isFollowed = column !== undefined && scenario.writes[nameIn(scenario, table)]?.marker !== undefined
  return journal.add({
    device: device.name,
    user: tab.user,
    table: table.name,
    key,
    op,
    marker: isFollowed ? marker : undefined,
    column,
    columns: Object.keys(values),
    group,
  })
}

const nameIn = ({ schema }: Scenario, table: AnyTable): string =>
  Object.keys(schema.tables).find((name) => schema.tables[name] === table) ?? ''

/** R2: whether a tab shows what was written. */
function shows(tab: Tab, table: AnyTable, { op, key, values }: Chosen): boolean {
  const row = tab.rows(table.name)?.find((one) => keyId(getKey(table.key, one) ?? '') === keyId(key))
  if (op === 'delete') return row === undefined
  return row !== undefined && Object.entries(values).every(([column, value]) => row[column] === value)
}

export function contextOf({ world, users, count }: StepWorld, device: Device, tab: Tab): WriteContext {
  return {
    random: world.random,
    user: tab.user,
    users,
    marker: `#${count}`,
    id: `r${count}`,
    tabs: device.tabs.length,
    now: world.scheduler.now,
    rows: (table) => tab.rows(table) ?? [],
  }
}

/** A user looks at what was refused, and sends it again. */
export function dealWithParked({ world, journal }: StepWorld): void {
  const picked = pickTab(world)
  const parked = picked && world.random.pick(picked.tab.tide.outbox.parked$.current ?? [])
  if (!picked || !parked) return
  const { device, tab } = picked
  const again = journal.again({ device: device.name, user: tab.user }, [parked.mutation, ...parked.waiting])
  tab.tide.outbox.retry(parked.id).then(
    () => {
      // Only a write whose tab lives on is certain to be sent again; either way it is still to be found.
      if (!tab.dead) for (const write of again) write.state = 'stored'
    },
    () => journal.forget(again),
  )
}
