import type { Columns } from '../base/json.js'
import type { Stop } from '../base/ports.js'

/** What this page has asked of the server and the server has not answered: new values, or (`null`) that it go. */
export type Patch = Columns | null

/** The patches under way, by type and id. What a page sees is what the server last said, with these on top. */
export class Overlay {
  readonly #patches = new Map<string, Map<string, Patch[]>>()
  readonly #changed: (code: string, id: string) => void

  constructor(changed: (code: string, id: string) => void) {
    this.#changed = changed
  }

  /** Shows a patch until it is taken back. */
  add(code: string, id: string, patch: Patch): Stop {
    const ofType = this.#patches.get(code) ?? new Map<string, Patch[]>()
    this.#patches.set(code, ofType)
    ofType.set(id, [...(ofType.get(id) ?? []), patch])
    this.#changed(code, id)
    return () => {
      const left = (ofType.get(id) ?? []).filter((other) => other !== patch)
      if (left.length > 0) ofType.set(id, left)
      else ofType.delete(id)
      this.#changed(code, id)
    }
  }

  /** The row as a page sees it; `undefined` when it is to go. The same object when nothing is under way. */
  visible(code: string, id: string, row: Columns): Columns | undefined {
    const patches = this.#patches.get(code)?.get(id)
    if (!patches) return row
    return patches.includes(null)
      ? undefined
      : patches.reduce<Columns>((shown, patch) => ({ ...shown, ...patch }), row)
  }
}
