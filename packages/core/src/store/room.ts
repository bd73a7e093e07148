import { StorageError } from '../base/errors.js'

/** Whether there is no room for something. */
export const isFull = (error: unknown): boolean =>
  error instanceof StorageError && error.code === 'storage-full'

/** How a device that is full is dealt with. */
export interface RoomOptions {
  /** Lets rows go that are not needed, and resolves with their number; 0: nothing may go. */
  readonly makeRoom: () => Promise<number>
  /** Hears the error of what there is no room for. */
  readonly failed: (error: unknown) => void
}

/**
 * Runs `work`, which stores something, and again each time that room was made for it.
 *
 * @throws StorageError `storage-full` when there is no room, even so
 */
export async function fit<T>(work: () => Promise<T>, { makeRoom, failed }: RoomOptions): Promise<T> {
  for (let gone = 0; ;) {
    try {
      return await work()
    } catch (cause) {
      if (!isFull(cause)) throw cause
      // What keeps it from making room (it must store, too) leaves things as they are.
      const rows = await makeRoom().catch(() => 0)
      gone += rows
      if (rows > 0) continue
      const message = `There is no room left, though ${gone} rows went.`
      const error = new StorageError('storage-full', message, { cause })
      failed(error)
      throw error
    }
  }
}
