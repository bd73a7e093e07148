import { Dexie } from 'dexie'
import { StorageError, type ErrorCode } from '../base/errors.js'

/** What the browser or Dexie says of the storage as an error of ours. Errors of our own (a refused row, a bug) pass as they are. */
export function toStorageError(error: unknown): unknown {
  if (!(error instanceof DOMException) && !(error instanceof Dexie.DexieError)) return error
  const inner = (error as { inner?: Error }).inner?.name ?? ''
  return new StorageError(codeOf(error.name + inner), undefined, { cause: error })
}

/** By the names of an error. A browser that forbids storage, or a private window of some, throws or has no IndexedDB at all. */
function codeOf(names: string): ErrorCode {
  if (/Quota/.test(names)) return 'storage-full'
  return /MissingAPI|Security/.test(names) ? 'storage-missing' : 'storage-failed'
}
