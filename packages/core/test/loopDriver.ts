import { Loop, type LoopState } from '../src/sync/loop.js'
import { settled, virtualPorts } from './virtualPorts.js'

/** One round that has begun; the test decides how it ends. */
export interface Round {
  end(): Promise<void>
  fail(error: Error): Promise<void>
}

/** A loop whose rounds end when the test says so, in virtual time that begins at 1,000 ms. */
export interface LoopDriver {
  readonly loop: Loop
  /** Every round that has begun. */
  readonly rounds: Round[]
  /** Every state that was told of. */
  readonly names: LoopState['name'][]
  /** Rounds that have begun and not ended. */
  readonly running: number
  pass(ms: number): Promise<void>
}

/** Makes a loop and what drives it. `refresh` renews the session. */
export function makeLoop(refresh: () => Promise<boolean> = () => Promise.resolve(false)): LoopDriver {
  const { ports, pass } = virtualPorts(1_000)
  const rounds: Round[] = []
  const names: LoopState['name'][] = []
  let running = 0
  const round = (): Promise<void> =>
    new Promise<void>((resolve, reject) => {
      running += 1
      rounds.push({
        end: () => (resolve(), settled()),
        fail: (error) => (reject(error), settled()),
      })
    }).finally(() => (running -= 1))
  const loop = new Loop({ ports, round, refresh, changed: () => names.push(loop.state.name) })
  return {
    loop,
    rounds,
    names,
    pass,
    get running() {
      return running
    },
  }
}
