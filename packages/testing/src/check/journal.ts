import type { ExactChange } from '@tidemark/core/remote'
import { keyId } from '@tidemark/core/remote'

type Key = ExactChange['key']

/** A write that a device's app has made. */
export interface Written {
  readonly device: string
  readonly user: string
  readonly table: string
  readonly key: Key
  readonly op: 'insert' | 'update' | 'delete'
  /** The text that only this write has, and where it stands; left out for writes that are not followed. */
  readonly marker: string | undefined
  readonly column: string | undefined
  readonly columns: readonly string[]
  /** Writes of one atomic group have the same. */
  readonly group?: string | undefined
  /** `stored`: its promise has resolved; `failed`: it has rejected, and nothing of it may be seen again. */
  state: 'under way' | 'stored' | 'failed'
}

/** What the apps have written, in order. */
export class Journal {
  readonly writes: Written[] = []

  add(write: Omit<Written, 'state'>): Written {
    const written: Written = { ...write, state: 'under way' }
    this.writes.push(written)
    return written
  }

  /** Whether a later write of the same device leaves nothing of this one: the row is gone, or the column is written again. */
  isSuperseded(write: Written): boolean {
    const later = this.writes.slice(this.writes.indexOf(write) + 1)
    return later.some(
      (other) =>
        other.state !== 'failed' &&
        other.device === write.device &&
        other.user === write.user &&
        other.table === write.table &&
        keyId(other.key) === keyId(write.key) &&
        (other.op === 'delete' || other.columns.includes(write.column ?? '')),
    )
  }
}
