import { IDBKeyRange } from 'fake-indexeddb'
import type { Scheduler } from './scheduler.js'

/**
 * Gives the scheduler what else the machine would decide: when a database's next task runs. Answers what gives it back.
 * One world at a time can have it.
 */
export function takeOver(scheduler: Scheduler): () => void {
  const before = globalThis.setImmediate
  const inLine = (run: () => void): void => scheduler.add('disks', run)
  globalThis.setImmediate = inLine as unknown as typeof setImmediate
  globalThis.IDBKeyRange ??= IDBKeyRange
  return () => {
    globalThis.setImmediate = before
  }
}
