import type { Ports } from '../base/ports.js'
import { noQueryRecords, openQueryRecords, type QueryRecords } from '../store/queryRecords.js'
import { sessionQueryRecords } from '../store/sessionQueryRecords.js'

/**
 * What went wrong with keeping queries; the cache itself does not suffer from it.
 *
 * - `no-indexeddb`: it cannot be opened; queries are kept for this session at most. Allow the site to store data.
 * - `corrupt`: a record could not be read, and was dropped. The query is fetched again.
 * - `not-kept`: a query holds what cannot be stored, such as a function. Leave it out with `filter`.
 * - `storage-failed`: records could not be read or written now. Free storage; changes from now on are tried again.
 */
export interface PersistProblem {
  readonly code: 'no-indexeddb' | 'corrupt' | 'not-kept' | 'storage-failed'
  /** The query, by its hash; left out when all are concerned. */
  readonly hash?: string
  readonly cause?: unknown
}

/** Opens IndexedDB where it can be; else the storage of the session; else nothing is kept longer than the page. */
export async function openBestRecords(
  name: string,
  { indexedDB = globalThis.indexedDB }: Pick<Ports, 'indexedDB'>,
  problem: (problem: PersistProblem) => void,
): Promise<QueryRecords> {
  try {
    if ((indexedDB as IDBFactory | undefined) !== undefined) return await openQueryRecords(name, indexedDB)
  } catch (cause) {
    problem({ code: 'no-indexeddb', cause })
  }
  const storage = sessionStorageOf()
  return storage ? sessionQueryRecords(`${name}:`, storage) : noQueryRecords
}

/** Where a browser forbids storage, the very question throws. */
function sessionStorageOf(): Storage | undefined {
  try {
    return globalThis.sessionStorage
  } catch {
    return undefined
  }
}
