import type { Journal } from '../check/journal.js'
import type { Scenario } from '../scenario.js'
import type { Transaction } from '../server/database.js'
import type { Backup } from '../server/server.js'
import type { Tab } from '../world/tab.js'
import type { Device, World } from '../world/world.js'

/** What a step needs. */
export interface StepWorld {
  readonly world: World
  readonly scenario: Scenario
  readonly users: readonly string[]
  readonly journal: Journal
  /** Transactions of other writers that have not ended. */
  readonly open: Transaction[]
  /** What was seen to be wrong on the way. */
  readonly wrong: string[]
  count: number
  /**
   * What else may happen. `restoring`: backups are restored. `tampering`: rows are changed past triggers and stores as well; then only
   * a comparison that a user asks for can mend it.
   */
  readonly extra: 'nothing' | 'restoring' | 'tampering'
  /** A backup, and whether it was restored. */
  backup: Backup | undefined
  restored: boolean
}

export const pickDevice = (world: World): Device | undefined => world.random.pick(world.devices)

export function pickTab(world: World): { device: Device; tab: Tab } | undefined {
  const device = pickDevice(world)
  const tab = device && world.random.pick(device.tabs)
  return device && tab && { device, tab }
}
