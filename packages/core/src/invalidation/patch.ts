import { isColumns, sameValue, type Columns } from '../base/json.js'
import { versionOf } from '../base/version.js'
import { baseOf, type BatchedEvent } from './coalesce.js'

/** Whether the document is known to hold what the event told of: its version is as high. */
export function reaches(cached: unknown, version: number | undefined): boolean {
  const known = versionOf(cached)
  return version !== undefined && known !== undefined && known >= version
}

export interface Patched {
  /** The document with the event's values; the same object when they were there already. */
  readonly document: Columns
  /** False when versions between the cached one and the event's are missing: it must be fetched all the same. */
  readonly complete: boolean
}

/**
 * The cached document with the values of the event; `undefined` when the event does not carry all of them. Columns that the
 * document does not have are left out: whoever fetched it did not ask for them.
 */
export function patchDocument(cached: unknown, event: BatchedEvent): Patched | undefined {
  const { patch, changedKeys, version } = event
  if (!patch || !isColumns(cached)) return undefined
  if (changedKeys && !changedKeys.every((key) => Object.hasOwn(patch, key))) return undefined
  const changes = { ...patch, ...(version !== undefined && { version }) }
  const told = Object.entries(changes).filter(
    ([key, value]) => (Object.hasOwn(cached, key) || key === 'version') && !sameValue(cached[key], value),
  )
  const known = versionOf(cached)
  const base = baseOf(event)
  return {
    document: told.length === 0 ? cached : { ...cached, ...Object.fromEntries(told) },
    complete: known === undefined || base === undefined || known >= base,
  }
}
