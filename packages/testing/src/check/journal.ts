import type { Mutation } from '@tidemark/core'
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
  #writes: Written[] = []

  get writes(): readonly Written[] {
    return this.#writes
  }

  add(write: Omit<Written, 'state'>): Written {
    const written: Written = { ...write, state: 'under way' }
    this.#writes.push(written)
    return written
  }

  /** What a user sends again of what was refused: from then on it counts as written now, after what was written since. */
  again({ device, user }: Pick<Written, 'device' | 'user'>, mutations: readonly Mutation[]): Written[] {
    const isOf = (mutation: Mutation, write: Written): boolean =>
      write.table === mutation.table &&
      keyId(write.key) === keyId(mutation.key) &&
      write.op === mutation.op &&
      (write.op === 'delete' || Object.values(mutation.patch).includes(write.marker))
    return this.writes
      .filter((write) => write.device === device && write.user === user && write.state === 'stored')
      .filter((write) => mutations.some((mutation) => isOf(mutation, write)))
      .map((write) => this.add(write))
  }

  /** Takes out what did not come to pass. */
  forget(writes: readonly Written[]): void {
    this.#writes = this.#writes.filter((write) => !writes.includes(write))
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
