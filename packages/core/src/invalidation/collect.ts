import { NEVER, Observable, type OperatorFunction } from 'rxjs'
import { browserPorts } from '../base/browserPorts.js'
import type { Ports, Stop } from '../base/ports.js'

export interface CollectOptions {
  /** How long is collected, in ms: 250 to 500, what lies outside is brought inside. Default: 300. */
  readonly window?: number | undefined
  /** Emits when what has been collected must not wait any longer. */
  readonly flush$?: Observable<unknown>
  readonly ports?: Pick<Ports, 'timer'>
}

/** What is collected into. */
export interface Collection<T, R> {
  readonly size: number
  add(value: T): void
  /** Empties the collection. */
  take(): R
}

const windowOf = (window = 300): number => Math.min(500, Math.max(250, window))

/**
 * Collects values from the first one on for a window, and emits them together. What waits when the source ends is emitted;
 * what waits when the subscriber leaves is dropped.
 */
export const collect =
  <T, R>(
    makeCollection: () => Collection<T, R>,
    { window, flush$ = NEVER, ports = browserPorts }: CollectOptions = {},
  ): OperatorFunction<T, R> =>
  (source) =>
    new Observable((subscriber) => {
      const collection = makeCollection()
      let stopTimer: Stop | undefined
      const flush = (): void => {
        stopTimer?.()
        stopTimer = undefined
        if (collection.size > 0) subscriber.next(collection.take())
      }
      subscriber.add(() => stopTimer?.())
      subscriber.add(flush$.subscribe(flush))
      const next = (value: T): void => {
        collection.add(value)
        stopTimer ??= ports.timer(windowOf(window), flush)
      }
      const error = (reason: unknown): void => {
        flush()
        subscriber.error(reason)
      }
      const complete = (): void => {
        flush()
        subscriber.complete()
      }
      subscriber.add(source.subscribe({ next, error, complete }))
    })
