import { run, type RunOptions, type RunResult } from './run.js'
import { shrink } from './shrink.js'
import { SimulationError } from './simulationError.js'

export interface SimulateOptions extends RunOptions {
  /** Whether a history that breaks a rule is made as short as can be. Default: true. */
  readonly shrink?: boolean
}

/**
 * Runs one history of an app: several devices with several tabs each, other writers, and every fault there is, in virtual time.
 * Resolves with what happened when rules R1 to R10 held all the while and at the end.
 *
 * @throws SimulationError with what was wrong and a line that replays it
 * @example
 * for (let seed = 1; seed <= 200; seed += 1) await simulate({ seed, scenario: { schema, policies, writes } })
 */
export async function simulate(options: SimulateOptions): Promise<RunResult> {
  const result = await run(options)
  if (result.wrong.length === 0) return result
  throw new SimulationError(options.shrink === false ? result : await shrink(options, result))
}
