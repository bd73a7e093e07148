import { run, type RunOptions, type RunResult } from './run.js'

/** Runs that are made to find a shorter history. */
const mostRuns = 150

/**
 * Leaves out steps as long as a rule is still broken: halves first, then ever smaller parts (delta debugging, Zeller and
 * Hildebrandt 2002).
 */
export async function shrink(options: RunOptions, failing: RunResult): Promise<RunResult> {
  let best = failing
  let runs = 0
  let parts = 2
  while (parts <= best.taken.length && runs < mostRuns) {
    const size = Math.ceil(best.taken.length / parts)
    const shorter = await firstFailing(options, without(best.taken, size), () => (runs += 1) <= mostRuns)
    if (shorter) best = shorter
    parts = shorter ? Math.max(2, parts - 1) : parts * 2
  }
  return best
}

/** The list without each of its parts in turn. */
function* without(taken: readonly number[], size: number): Generator<number[]> {
  for (let at = 0; at < taken.length; at += size) yield [...taken.slice(0, at), ...taken.slice(at + size)]
}

async function firstFailing(
  options: RunOptions,
  candidates: Iterable<number[]>,
  mayRun: () => boolean,
): Promise<RunResult | undefined> {
  for (const only of candidates) {
    if (!mayRun()) return undefined
    const result = await run({ ...options, only })
    if (result.wrong.length > 0) return result
  }
  return undefined
}
