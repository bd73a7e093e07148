import { readonly, ref, shallowReadonly, shallowRef, type Ref, type ShallowRef } from 'vue'

/** A write bound to a component: what it is doing, and why the last one failed. */
export interface UsedWrite<A extends unknown[], R> {
  /** Runs the write. Resolves with its result, or with `undefined` when it failed; then `error` says why. */
  run(...args: A): Promise<R | undefined>
  /** True until the write is durable on this device (not: at the server). */
  readonly running: Readonly<Ref<boolean>>
  readonly error: Readonly<ShallowRef<unknown>>
}

/** Binds a write, so that a form can show that it is stored and why it was refused. */
export function useWrite<A extends unknown[], R>(work: (...args: A) => Promise<R>): UsedWrite<A, R> {
  const running = ref(false)
  const error = shallowRef<unknown>()
  let count = 0
  const run = async (...args: A): Promise<R | undefined> => {
    running.value = (count += 1) > 0
    error.value = undefined
    try {
      return await work(...args)
    } catch (reason) {
      error.value = reason
      return undefined
    } finally {
      running.value = (count -= 1) > 0
    }
  }
  return { run, running: readonly(running), error: shallowReadonly(error) }
}
