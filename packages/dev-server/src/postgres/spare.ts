import { makeSpare } from './template.js'

/** A copy of the migrated state, made ahead for the next reset. */
export interface Spare {
  /** Begins to make it, if nobody has. */
  begin(): void
  /** Resolves when it is there, and makes it where that has not been begun or has failed. */
  made(): Promise<void>
  /** It has been used, or is no longer right. */
  forget(): void
  /** Resolves when nothing is being made. */
  settled(): Promise<void>
}

/** @param url of the database that is reset */
export function createSpare(url: string): Spare {
  let making: Promise<void> | undefined
  const make = () => {
    const begun = makeSpare(url)
    making = begun
    // Whoever needs it makes it again.
    begun.catch(() => {
      if (making === begun) making = undefined
    })
    return begun
  }
  return {
    begin: () => void (making ?? make()),
    made: () => making?.catch(make) ?? make(),
    forget: () => void (making = undefined),
    settled: async () => {
      await making?.catch(() => undefined) // It will be made again when it is needed.
    },
  }
}
