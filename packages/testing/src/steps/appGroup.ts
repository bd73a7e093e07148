import { getKey } from '@tidemark/core/remote'
import { contextOf, journalled } from './appWrite.js'
import { pickTab, type StepWorld } from './stepWorld.js'

/** A user writes several rows as one atomic group. */
export function appGroup(at: StepWorld): void {
  const { world, scenario } = at
  const picked = pickTab(world)
  if (!picked) return
  const { device, tab } = picked
  const context = contextOf(at, device, tab)
  const inserts = Object.entries(scenario.writes).flatMap(([name, writes], index) => {
    const marker = `${context.marker}.${index}`
    const values =
      writes.marker &&
      world.random.chance(0.6) &&
      writes.insert?.({ ...context, marker, id: `${context.id}.${index}` })
    const table = scenario.schema.tables[name]
    const key = values && table && getKey(table.key, values)
    return values && table && key !== undefined && key !== false ? [{ name, table, key, values, marker }] : []
  })
  const written = inserts.map(({ table, key, values, marker }) =>
    journalled(at, device, tab, table, { op: 'insert', key: key, values }, marker, context.marker),
  )
  tab.tide
    .write(async (tx) => {
      for (const { name, values } of inserts) await tx.tables[name]?.insert(values)
    })
    .then(
      () => {
        if (!tab.dead) for (const write of written) write.state = 'stored'
      },
      () => {
        for (const write of written) write.state = 'failed'
      },
    )
}
