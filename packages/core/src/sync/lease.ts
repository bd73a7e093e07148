import { sameValue } from '../base/json.js'
import type { Ports } from '../base/ports.js'
import type { Store } from '../store/store.js'

/** The holder says so often, in ms, that it is alive. */
const every = 2_000
/** After so many looks at a lease that does not change, its holder is taken for dead. */
const patience = 3

/** A row in the database: who holds it, and what that counts. No row: nobody does. */
interface LeaseRow {
  readonly holder: string
  readonly beat: number
}

/** What a holder has besides the lease. */
export interface Lead {
  /** Aborts when another tab has taken the lease. */
  readonly lost: AbortSignal
  /** Makes a commit fail that comes after that. */
  readonly fence: readonly [name: string, holds: (value: unknown) => boolean]
}

const name = 'lease'

/**
 * Leads where the browser has no Web Locks: by a row in the database that its holder renews.
 *
 *   waiting ── there is none, or it has not changed for 3 looks ──► holding ── another has it, or the disk fails ──► lost
 *      ▲                                                               └── `held` ends ──► given back
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
  const holder = ports.uuid()
  const isOurs = (found: unknown): boolean => (found as LeaseRow | undefined)?.holder === holder
  // Put where another was read; false when that has changed meanwhile.
  const put = (beat: number, found: unknown): Promise<boolean> =>
    store.commit({ meta: { [name]: { holder, beat } satisfies LeaseRow }, when: [name, found] })
  const renew = async (): Promise<void> => {
    for (let beat = 0; ; beat += 1) {
      await sleep()
      if (!(await put(beat + 1, { holder, beat }))) return
    }
  }
  let seen: unknown
  for (let looks = 0; ; looks += 1) {
    if (signal.aborted) return
    const found = await store.meta(name)
    if (!sameValue(found, seen)) looks = 0
    if ((!found || looks >= patience) && (await put(0, found))) break
    seen = found
    await sleep()
  }
  const lost = new AbortController()
  const over = (): void => lost.abort()
  // Whatever keeps it from being renewed, it cannot be relied on any more.
  renew().then(over, over)
  await held({ lost: lost.signal, fence: [name, isOurs] })
  const without = (row: unknown): unknown => (isOurs(row) ? undefined : row)
  // Who waits finds out by the missing beats, too.
  await store.commit({ meta: { [name]: without } }).catch(() => false)
}
