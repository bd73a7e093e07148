/** A write bound to a component: what it is doing, and why the last one failed. */
export interface LiveWrite<A extends unknown[], R> {
  /** Runs the write. Resolves with its result, or with `undefined` when it failed; then `error` says why. */
  run(...args: A): Promise<R | undefined>
  /** True until the write is durable on this device (not: at the server). */
  readonly running: boolean
  readonly error: unknown
}

/** Binds a write, so that a form can show that it is stored and why it was refused. */
export function write<A extends unknown[], R>(work: (...args: A) => Promise<R>): LiveWrite<A, R> {
  let running = $state(0)
  let error = $state.raw<unknown>()
  return {
    async run(...args) {
      running += 1
      error = undefined
      try {
        return await work(...args)
      } catch (reason) {
        error = reason
        return undefined
      } finally {
        running -= 1
      }
    },
    get running() {
      return running > 0
    },
    get error() {
      return error
    },
  }
}
