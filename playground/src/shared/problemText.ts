import { StorageError } from '@tidemark/core'

/** Why a write did not happen, in a sentence; empty where nothing went wrong, and where the notice about storage says it. */
export function problemText(error: unknown): string {
  if (error === undefined || error instanceof StorageError) return ''
  return error instanceof Error ? error.message : String(error)
}
