import type { Columns } from '../base/json.js'
import type { Stop } from '../base/ports.js'
import { entityId } from './entityType.js'

/** What this page has asked of the server and the server has not answered: new values, or (`null`) that it go. */
export type Patch = Columns | null

/** The patches under way, by entity. What a page sees is what the server last said, with these on top. */
export class Overlay {
  readonly #patches = new Map<string, readonly Patch[]>()
  readonly #changed: (code: string, id: string) => void

  constructor(changed: (code: string, id: string) => void) {
    this.#changed = changed
  }

  /** Shows a patch until it is taken back. */
  add(code: string, id: string, patch: Patch): Stop {
    const entity = entityId(code, id)
    const change = (next: (patches: readonly Patch[]) => readonly Patch[]): void => {
      const patches = next(this.#patches.get(entity) ?? [])
      if (patches.length > 0) this.#patches.set(entity, patches)
      else this.#patches.delete(entity)
      this.#changed(code, id)
    }
    change((patches) => [...patches, patch])
    return () => change((patches) => patches.filter((other) => other !== patch))
  }

  /** The row as a page sees it; `undefined` when it is to go. The same object when nothing is under way. */
  visible(code: string, id: string, row: Columns): Columns | undefined {
    const patches = this.#patches.get(entityId(code, id))
    if (!patches) return row
    return patches.includes(null)
      ? undefined
      : patches.reduce<Columns>((shown, patch) => ({ ...shown, ...patch }), row)
  }
}
