import type { Ports } from '@tidemark/core'
import { Scheduler } from '../world/scheduler.js'
import type { Random } from '../world/random.js'

/** A scheduler whose time is the app's own: what is under way on the network takes the time of its ports. */
export class Timers extends Scheduler {
  readonly #timer: Ports['timer']

  constructor(timer: Ports['timer'], random: Random) {
    super(random)
    this.#timer = timer
  }

  override timer(delay: number, run: () => void): () => void {
    return this.#timer(delay, run)
  }
}
