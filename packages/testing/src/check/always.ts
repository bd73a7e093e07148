import type { Mutation } from '@tidemark/core'
import { getKey, keyId } from '@tidemark/core/remote'
import type { AnyRow, Tab } from '../world/tab.js'
import type { World } from '../world/world.js'

/** What is wrong at this moment, whatever is under way: rules R3 and R7. */
export const wrongNow = (world: World): string[] =>
  world.devices.flatMap(({ tabs }) =>
    tabs.flatMap((tab) => [...hiddenWrites(world, tab), ...foreignRows(world, tab)]),
  )

/** R3: what is pending is on top of what the server says. */
function hiddenWrites(world: World, tab: Tab): string[] {
  const byRow = new Map<string, Mutation[]>()
  for (const mutation of tab.tide.outbox.pending$.current ?? []) {
    const name = `${mutation.table}/${keyId(mutation.key)}`
    byRow.set(name, [...(byRow.get(name) ?? []), mutation])
  }
  return [...byRow].flatMap(([name, mutations]) => {
    const table = mutations[0]?.table ?? ''
    const rows = tab.rows(table)
    if (!rows) return []
    const key = world.server.database.mustTable(table).key
    const row = rows.find((one) => `${table}/${keyId(getKey(key, one) ?? '')}` === name)
    return isOnTop(row, mutations)
      ? []
      : [
          `R3: ${tab.name}: what was written to ${name} is not to be seen: ${JSON.stringify(row)}, written ${JSON.stringify(mutations)}.`,
        ]
  })
}

/** Of a row that somebody has deleted, an update shows nothing. */
function isOnTop(row: AnyRow | undefined, mutations: readonly Mutation[]): boolean {
  const last = mutations.findLastIndex(({ op }) => op === 'delete')
  const later = mutations.slice(last + 1)
  if (last >= 0 && !later.some(({ op }) => op === 'insert')) return row === undefined
  if (!row) return !later.some(({ op }) => op === 'insert')
  const expected: Record<string, unknown> = {}
  for (const { patch, local = [] } of later)
    for (const [column, value] of Object.entries(patch)) if (!local.includes(column)) expected[column] = value
  return Object.entries(expected).every(([column, value]) => row[column] === value)
}

/** R7: no row of another owner is shown. */
function foreignRows(world: World, tab: Tab): string[] {
  return [...tab.streams.keys()].flatMap((name) => {
    const { owner } = world.server.database.mustTable(name)
    const foreign = owner === undefined ? [] : (tab.rows(name) ?? []).filter((row) => row[owner] !== tab.user)
    return foreign.map(() => `R7: ${tab.name} shows ${tab.user} a row of somebody else's ${name}.`)
  })
}
