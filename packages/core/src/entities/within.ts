import type { Ports } from '../base/ports.js'
import { RemoteError } from '../remote/errors.js'

/** After how many ms without an answer a request is given up. */
const timeout = 30_000

/**
 * Asks, and gives up when no answer comes in time or `run` is aborted: not every fetcher heeds a signal.
 *
 * @throws RemoteError `offline` after 30 s
 */
export async function within<T>(
  { timer }: Pick<Ports, 'timer'>,
  run: AbortController,
  ask: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const { signal } = run
  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true })
  })
  const stopTimer = timer(timeout, () =>
    run.abort(new RemoteError({ status: 0, message: 'The server did not answer in time.' })),
  )
  try {
    return await Promise.race([ask(signal), aborted])
  } finally {
    stopTimer()
  }
}
