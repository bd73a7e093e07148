/** IndexedDB's requests and transactions as promises: the little that the hot paths need. */

/** Resolves with the result of a request. */
export const asked = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error ?? new Error('IndexedDB request failed'))
  })

/** Resolves when the transaction is on disk as its durability promises; rejects when it was rolled back. */
export const committed = (transaction: IDBTransaction): Promise<void> =>
  new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve()
    transaction.onabort = () => reject(transaction.error ?? new Error('IndexedDB transaction was aborted'))
  })

/**
 * Runs `work` in one transaction and resolves with its result once that is committed. When `work` throws, nothing of it stays.
 * `work` may await requests of the transaction and nothing else.
 */
export async function transact<T>(
  db: IDBDatabase,
  stores: readonly string[],
  durability: IDBTransactionDurability,
  work: (transaction: IDBTransaction) => Promise<T> | T,
): Promise<T> {
  const transaction = db.transaction(stores, 'readwrite', { durability })
  let ended = false
  const done = committed(transaction).finally(() => (ended = true))
  try {
    const result = await work(transaction)
    await done
    return result
  } catch (error) {
    // The browser may have rolled it back already: a full disk, a handle that it closed.
    if (!ended && !transaction.error) transaction.abort()
    await done.catch(() => undefined)
    throw transaction.error ?? error
  }
}

/**
 * A handle dies when the browser closes it: storage cleared, the disk gone, the tab frozen for long. What was under way is
 * aborted then, and has done nothing.
 */
export const isDeadHandle = (error: unknown): boolean =>
  error instanceof Error && ['InvalidStateError', 'DatabaseClosedError', 'AbortError'].includes(error.name)
