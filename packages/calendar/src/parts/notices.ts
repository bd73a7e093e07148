import type { ErrorRecord, Status } from '@tidemark/core'
import type { SyncMessages } from './messages/sync.js'
import { countText, type SyncUi } from './syncUi.js'

type StorageCode = Exclude<keyof SyncMessages['storage'], 'reload'>

/** What a notice about storage says. */
export interface StorageNoticeView {
  readonly code: StorageCode
  readonly text: string
  /** Reloading this tab is what helps. */
  readonly reload: boolean
}

/**
 * What is wrong with storage, if anything is.
 *
 * @param error what a write was rejected with, where one was
 */
export function storageNotice(
  status: Status | undefined,
  error: unknown,
  { messages }: SyncUi,
): StorageNoticeView | undefined {
  const code = codeOfStatus(status) ?? codeOfError(error, messages.sync)
  if (!code) return undefined
  const reload = code === 'storage-failed' || code === 'storage-superseded'
  return { code, text: messages.sync.storage[code], reload }

  function codeOfStatus(current: Status | undefined): StorageCode | undefined {
    if (current?.name === 'storage-blocked') return 'storage-blocked'
    if (current?.name !== 'storage-failed') return undefined
    return codeOfError(current.error, messages.sync) ?? 'storage-failed'
  }
}

function codeOfError(error: unknown, { storage }: SyncMessages): StorageCode | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined
  const { code } = error as Pick<ErrorRecord, 'code'>
  return code in storage ? (code as StorageCode) : undefined
}

/** What a notice about signing in says. */
export interface SignInNoticeView {
  readonly reason: string
  /** What becomes of what was written; left out when nothing waits. */
  readonly kept: string | undefined
  readonly pending: string | undefined
}

/** Why the user must sign in, if they must. */
export function signInNotice(status: Status | undefined, ui: SyncUi): SignInNoticeView | undefined {
  if (status?.name !== 'needs-sign-in') return undefined
  const { signIn, status: words } = ui.messages.sync
  const waits = status.pending > 0
  return {
    reason: signIn[status.reason],
    kept: waits ? signIn.kept : undefined,
    pending: waits ? words.pending(countText(status.pending, ui)) : undefined,
  }
}
