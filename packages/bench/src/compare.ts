/** What one side of a comparison does in a round; answers how long it took, in ms. */
export type Side = () => Promise<number>

export interface Comparison {
  /** Medians, in ms. */
  readonly ours: number
  readonly theirs: number
  /** Ours by theirs. */
  readonly ratio: number
}

/** Runs both sides in turn, so that what slows the machine slows both, and compares their medians. */
export async function compare(
  ours: Side,
  theirs: Side,
  { rounds = 21, warmUp = 3 } = {},
): Promise<Comparison> {
  const times: { ours: number[]; theirs: number[] } = { ours: [], theirs: [] }
  for (let round = -warmUp; round < rounds; round += 1) {
    const pair = { theirs: await alone(theirs), ours: await alone(ours) }
    if (round < 0) continue
    times.ours.push(pair.ours)
    times.theirs.push(pair.theirs)
  }
  const [a, b] = [median(times.ours), median(times.theirs)]
  return { ours: a, theirs: b, ratio: a / b }
}

/** Neither side pays for what the other has left to be done. */
async function alone(side: Side): Promise<number> {
  await new Promise((resolve) => setTimeout(resolve, 20))
  return side()
}

/** How long a piece of work takes, in ms. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await work()
  return performance.now() - start
}

const median = (times: readonly number[]): number =>
  [...times].sort((a, b) => a - b)[Math.floor(times.length / 2)] ?? Number.NaN
