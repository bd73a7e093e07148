import { distinctUntilChanged, Observable } from 'rxjs'

/**
 * True while the page may run; false while it is frozen, or leaves for the back/forward cache or for good. Emits at once, and
 * in time for what must be let go of before.
 */
export const active$: Observable<boolean> = new Observable<boolean>((subscriber) => {
  const stops = [
    ...when(globalThis, 'pagehide', 'pageshow', (active) => subscriber.next(active)),
    ...when(globalThis.document, 'freeze', 'resume', (active) => subscriber.next(active)),
  ]
  subscriber.next(true)
  return () => stops.forEach((stop) => stop())
}).pipe(distinctUntilChanged())

function when(target: unknown, end: string, begin: string, tell: (active: boolean) => void): (() => void)[] {
  if (!(target instanceof EventTarget)) return []
  return [end, begin].map((event) => {
    const heard = (): void => tell(event === begin)
    target.addEventListener(event, heard)
    return () => target.removeEventListener(event, heard)
  })
}
