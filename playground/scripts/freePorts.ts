import { once } from 'node:events'
import { createServer } from 'node:net'

/** A port that is to be listened on, and by what. */
export interface WantedPort {
  readonly port: number
  readonly by: string
}

/**
 * Resolves when all ports are free, so that nothing is started that could not be finished.
 *
 * @throws Error with a sentence about the first that is not; port 0 is always free
 */
export async function requireFreePorts(wanted: readonly WantedPort[]): Promise<void> {
  for (const { port, by } of wanted) {
    const problem = await problemWith(port)
    if (problem === undefined) continue
    throw new Error(
      problem === 'EADDRINUSE'
        ? `Port ${port} is taken, and ${by} needs it. Stop the program that uses it, then run npm start again.`
        : `Port ${port}, which ${by} needs, cannot be used (${problem}).`,
    )
  }
}

/** Why nothing can listen on the port now; `undefined` when it can. */
async function problemWith(port: number): Promise<string | undefined> {
  const probe = createServer().listen({ port, host: '127.0.0.1', exclusive: true })
  try {
    await once(probe, 'listening')
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? String(error)
  }
  probe.close()
  await once(probe, 'close')
  return undefined
}
