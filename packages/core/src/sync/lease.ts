import { sameValue } from '../base/json.js'
import type { Ports } from '../base/ports.js'
import type { Store } from '../store/store.js'

/** The holder says so often, in ms, that it is alive. */
const every = 2_000
/** After so many looks at a lease that does not change, its holder is taken for dead. */
const patience = 3

/** A row in the database. Who holds it counts `beat`; each holder has a higher `fence` than the one before. */
interface LeaseRow {
  readonly fence: number
  readonly beat: number
  readonly free: boolean
}

/** What a holder has besides the lease. */
export interface Lead {
  /** Aborts when another tab has taken the lease. */
  readonly lost: AbortSignal
  /** Makes a commit fail that comes after that. */
  readonly fence: readonly [name: string, holds: (value: unknown) => boolean]
}

const name = 'lease'
const nobody: LeaseRow = { fence: 0, beat: 0, free: true }

/**
 * Leads where the browser has no Web Locks: by a row in the database that its holder renews.
 *
 *   waiting ── it is free, or has not changed for 3 looks ──► holding ── another has it, or the disk fails ──► lost
 *      ▲                                                         └── `held` ends ──► free
 *      └── it has changed
 *
 * Laws: it is taken and renewed only as it was read last, so that one of two takes it; nobody's clock is asked, only whether
 * it changes, so that a clock that jumps takes it from no one; a holder that slept through the loss stores nothing any more.
 *
 * Resolves when it is given back, or when `signal` aborts before it is held.
 *
 * @throws StorageError
 */
export async function holdLease(
  { store, ports }: { readonly store: Store; readonly ports: Ports },
  signal: AbortSignal,
  held: (lead: Lead) => Promise<void>,
): Promise<void> {
  const sleep = (): Promise<void> => new Promise((resolve) => void ports.timer(every, resolve))
  const taken = await takeLease(store, signal, sleep)
  if (!taken) return
  const lost = new AbortController()
  let ended = false
  const renewed = renewLease(store, taken, sleep, () => ended)
  // Whatever kept it from being renewed, it cannot be relied on any more.
  renewed.then((row) => row ?? lost.abort()).catch(() => lost.abort())
  const isOurs = (found: unknown): boolean => (found as LeaseRow | undefined)?.fence === taken.fence
  await held({ lost: lost.signal, fence: [name, isOurs] })
  ended = true
  const free = (row: unknown): unknown => (isOurs(row) ? { ...taken, free: true } : row)
  // Who waits finds out by the missing beats, too.
  await store.commit({ meta: { [name]: free } }).catch(() => false)
}

/** Waits until nobody holds it, and takes it. `undefined`: `signal` has aborted. */
async function takeLease(
  store: Store,
  signal: AbortSignal,
  sleep: () => Promise<void>,
): Promise<LeaseRow | undefined> {
  let seen: unknown = null
  for (let looks = 0; !signal.aborted; looks += 1) {
    const found = await store.meta(name)
    const row = (found as LeaseRow | undefined) ?? nobody
    if (!sameValue(found, seen)) looks = 0
    if (row.free || looks >= patience) {
      const taken = { fence: row.fence + 1, beat: 0, free: false }
      if (await store.commit({ meta: { [name]: taken }, when: [name, found] })) return taken
    }
    seen = found
    await sleep()
  }
  return undefined
}

/** Renews it until it has ended, or is another's: then `undefined`. */
async function renewLease(
  store: Store,
  taken: LeaseRow,
  sleep: () => Promise<void>,
  hasEnded: () => boolean,
): Promise<LeaseRow | undefined> {
  for (let row = taken; ;) {
    await sleep()
    if (hasEnded()) return row
    const next = { ...row, beat: row.beat + 1 }
    if (!(await store.commit({ meta: { [name]: next }, when: [name, row] })))
      return hasEnded() ? row : undefined
    row = next
  }
}
