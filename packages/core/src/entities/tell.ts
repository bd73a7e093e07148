import { isOlder } from '../base/version.js'
import type { BatchedEvent } from '../invalidation/coalesce.js'
import { patchDocument, reaches } from '../invalidation/patch.js'
import type { Columns } from '../base/json.js'
import type { Cache } from './cache.js'
import type { Resource } from './resource.js'

/**
 * Brings events into the cache: an entity takes the values that an event carries, and is fetched otherwise; what is deleted
 * gets a soft mark. The lists of a type are fetched once, whatever many events speak of it.
 */
export function tell(cache: Cache, events: readonly BatchedEvent[]): void {
  const touched = new Set<string>()
  for (const event of events) {
    // Reference data are told of by the name of their kind.
    if (!Object.hasOwn(cache.options.types, event.type)) cache.invalidate(event.type, event.id)
    else if (entity(cache, event)) touched.add(event.type)
  }
  for (const code of touched) cache.invalidateLists(code)
}

/** @returns false when the cache is past the event already */
function entity(cache: Cache, event: BatchedEvent): boolean {
  const { type, id, action, version } = event
  const shown = cache.shown(type, id)
  const known = shown?.record?.data
  if (isOlder(event, known)) return false
  if (action === 'delete') cache.put(type, id, 'gone')
  else if (shown?.record?.removed) shown.invalidate()
  else if (shown && !reaches(known, version)) update(cache, event, shown)
  return true
}

function update(cache: Cache, event: BatchedEvent, shown: Resource<Columns>): void {
  const patched = patchDocument(shown.record?.data, event)
  if (patched) cache.put(event.type, event.id, { data: patched.document })
  if (!patched?.complete) shown.invalidate()
}
