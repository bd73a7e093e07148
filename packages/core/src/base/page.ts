import { defer, NEVER, fromEvent, map, merge, startWith, type Observable } from 'rxjs'

/** Events of a target; none where it is not there. `target` is asked when somebody subscribes. */
const on = (target: () => unknown, ...events: string[]): Observable<Event> =>
  defer(() => {
    const heard = target()
    return heard instanceof EventTarget
      ? merge(...events.map((event) => fromEvent<Event>(heard, event)))
      : NEVER
  })
const page = (): unknown => globalThis.document

/** What the device says of its network. */
export const online$: Observable<boolean> = on(() => globalThis, 'online', 'offline').pipe(
  startWith(0),
  map(() => globalThis.navigator?.onLine ?? true),
)

/** True while the page can be seen. */
export const visible$: Observable<boolean> = on(page, 'visibilitychange').pipe(
  startWith(0),
  map(() => globalThis.document?.visibilityState !== 'hidden'),
)

/**
 * True while the page may run; false while it is frozen, or leaves for the back/forward cache or for good. Emits at once, and
 * in time for what must be let go of before.
 */
export const active$: Observable<boolean> = merge(
  on(() => globalThis, 'pagehide', 'pageshow'),
  on(page, 'freeze', 'resume'),
).pipe(
  map(({ type }) => type === 'pageshow' || type === 'resume'),
  startWith(true),
)
