/** A calendar file that cannot be read. Nothing of it has been imported. */
export class IcsError extends Error {
  override readonly name = 'IcsError'
  readonly code = 'ics-invalid'
  /** The line of the file, from 1, on which the trouble begins. */
  readonly line: number

  constructor(line: number, what: string, cause?: unknown) {
    const fix = 'Nothing was imported. Correct the line, or export the calendar again.'
    super(`Line ${String(line)}: ${what} ${fix}`, { cause })
    this.line = line
  }
}

/**
 * Lets a piece of work that belongs to a line fail with that line's number.
 *
 * @throws IcsError instead of whatever the work throws
 */
export function onLine<T>(line: number, what: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw error instanceof IcsError ? error : new IcsError(line, what, error)
  }
}
