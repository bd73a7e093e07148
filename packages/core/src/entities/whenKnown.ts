import { TidemarkError } from '../base/errors.js'
import type { CachedState } from './cachedState.js'
import type { Resource } from './resource.js'

/**
 * Resolves when the resource has data.
 *
 * @throws TidemarkError `row-missing` when the server does not have it, and what else keeps it from being fetched now
 */
export function whenKnown<V>(resource: Resource<V>): Promise<void> {
  return new Promise((resolve, reject) => {
    const look = (): void => {
      const { state } = resource
      const failure = failureOf(state)
      if (!failure && state?.data === undefined) return
      stop()
      if (failure) reject(failure)
      else resolve()
    }
    const stop = resource.watch(look, true)
    look()
  })
}

function failureOf(state: CachedState<unknown> | undefined): TidemarkError | undefined {
  if (!state) return new TidemarkError('not-started')
  if (state.name === 'removed') return new TidemarkError('row-missing')
  if (state.data !== undefined) return undefined
  if (state.name === 'needs-sign-in') return new TidemarkError('sign-in', state.reason)
  return 'error' in state ? new TidemarkError(state.error.code, state.error.message) : undefined
}
