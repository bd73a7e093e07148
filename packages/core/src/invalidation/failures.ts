import type { Query, QueryClient } from '@tanstack/query-core'
import { Observable } from 'rxjs'
import type { Stop } from '../base/ports.js'
import { classify } from '../remote/errors.js'
import { nothing } from './handler.js'
import { readKey } from './keys.js'

/** What errors of `fetch` wrappers and of supabase-js are told apart by. */
interface Failure {
  readonly status?: unknown
  readonly code?: unknown
}

/** PostgREST's words for what HTTP has a status for. */
const statusOfCode: Readonly<Record<string, number>> = { PGRST116: 404, PGRST301: 401, PGRST303: 401 }

/** The HTTP status of a failure: 0 when nothing is known of it, as for a network that is not there. */
export function statusOf(error: unknown): number {
  const { status, code } = (error ?? {}) as Failure
  if (typeof status === 'number') return status
  return typeof code === 'string' ? (statusOfCode[code] ?? 0) : 0
}

/**
 * The `retry` of queries: only what may pass is tried again, three times; an expired session and a refusal are not.
 *
 * @param failures how often it has failed already
 */
export const retryQuery = (failures: number, error: unknown): boolean =>
  failures < 3 && classify(statusOf(error), codeOf(error)) === 'retry'

const codeOf = (error: unknown): string | undefined => {
  const { code } = (error ?? {}) as Failure
  return typeof code === 'string' ? code : undefined
}

/** Emits each time that a fetch of the cache fails because no one is signed in (401). */
export const signIn$ = (client: QueryClient): Observable<void> =>
  new Observable((subscriber) =>
    client.getQueryCache().subscribe((event) => {
      if (event.type !== 'updated' || event.action.type !== 'error') return
      if (statusOf(event.action.error) === 401) subscriber.next()
    }),
  )

/** Takes the data of documents that the server no longer has (404, 410) out of the cache; their error stays. */
export const dropMissing = (client: QueryClient): Stop =>
  client.getQueryCache().subscribe((event) => {
    if (event.type !== 'updated' || event.action.type !== 'error') return
    const gone = [404, 410].includes(statusOf(event.action.error))
    const query = event.query as Query
    if (gone && readKey(query.queryKey)?.kind === 'doc') query.setState(nothing)
  })
