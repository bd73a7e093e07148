import { constants } from 'node:fs'
import { access, statfs } from 'node:fs/promises'
import { tmpdir } from 'node:os'

/** Where Linux lends memory as a directory. */
export const memory = '/dev/shm'

/** What must be free of it, in bytes: many times what the databases of tests take. */
const enough = 4 * 1024 ** 3

/** What decides where temporary databases lie. */
export interface Surroundings {
  readonly platform: NodeJS.Platform
  readonly environment: NodeJS.ProcessEnv
  /** Bytes that may still be written to `memory`; 0 where that cannot be. */
  readonly lent: number
  /** Bytes that the process may still take. */
  readonly available: number
}

/**
 * The directory for temporary databases: memory where there is plenty of it, since a disk that is busy makes a start take several
 * times as long, or else that for temporary files, which the variable TMPDIR chooses.
 */
export async function temporaryRoot(): Promise<string> {
  const { platform, env: environment } = process
  return rootIn({ platform, environment, lent: await lentBytes(), available: process.availableMemory() })
}

/** What `temporaryRoot` makes of its surroundings. */
export function rootIn({ platform, environment, lent, available }: Surroundings): string {
  const isChosen = (environment.TMPDIR ?? '') !== ''
  const isPlenty = platform === 'linux' && lent >= enough && available >= enough
  return isPlenty && !isChosen ? memory : tmpdir()
}

async function lentBytes(): Promise<number> {
  try {
    await access(memory, constants.W_OK | constants.X_OK)
    const { bavail, bsize } = await statfs(memory)
    return bavail * bsize
  } catch {
    return 0 // There is no such directory, or it is closed.
  }
}
