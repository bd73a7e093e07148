import type { RunResult } from './run.js'

/** A history in which a rule was broken. The message ends with a line that replays it. */
export class SimulationError extends Error {
  override readonly name = 'SimulationError'
  readonly code = 'rule-broken'
  readonly seed: number
  /** Which rules were broken, and how. */
  readonly wrong: readonly string[]
  /** What happened, in order. */
  readonly history: readonly string[]
  /** A call that makes the same history again. */
  readonly replay: string

  constructor({ seed, steps, wrong, history, taken }: RunResult) {
    const replay = `await simulate({ seed: ${seed}, steps: ${steps}, only: [${taken.join(', ')}], shrink: false })`
    const what = `What happened: ${history.join(', ')}.`
    super([...wrong.slice(0, 5), what, `Replay it with your scenario: ${replay}`].join('\n'))
    this.seed = seed
    this.wrong = wrong
    this.history = history
    this.replay = replay
  }
}
