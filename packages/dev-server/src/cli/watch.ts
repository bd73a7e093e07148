import { watch as watchFiles } from 'node:fs'

/** How long a file is left to be written, in ms. */
const settle = 150

/**
 * Looks at a directory until it is told to stop.
 * @param changed told some time after something has changed; never twice at once
 * @returns what stops it, and resolves when the last `changed` has ended
 */
export function watch(directory: string, changed: () => Promise<void>): () => Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined
  let last: Promise<void> = Promise.resolve()
  const watcher = watchFiles(directory, (_, name) => {
    if (name !== null && !name.endsWith('.sql')) return
    clearTimeout(timer)
    timer = setTimeout(() => void (last = last.then(changed)), settle)
  })
  return async () => {
    watcher.close()
    clearTimeout(timer)
    await last
  }
}
