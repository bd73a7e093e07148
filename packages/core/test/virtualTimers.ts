import type { Ports } from '../src/base/ports.js'

interface Timer {
  readonly at: number
  readonly run: () => void
}

/** Timers that run when a test says that time has passed. */
export class VirtualTimers {
  #now = 0
  readonly #timers = new Set<Timer>()
  /** The delays that were asked for, in order. */
  readonly asked: number[] = []

  readonly timer: Ports['timer'] = (delay, run) => {
    const timer = { at: this.#now + delay, run }
    this.asked.push(delay)
    this.#timers.add(timer)
    return () => this.#timers.delete(timer)
  }

  get waiting(): number {
    return this.#timers.size
  }

  /** Lets `ms` pass: what is due runs in order. */
  pass(ms: number): void {
    const end = this.#now + ms
    for (let next = this.#next(end); next; next = this.#next(end)) {
      this.#now = next.at
      this.#timers.delete(next)
      next.run()
    }
    this.#now = end
  }

  #next(end: number): Timer | undefined {
    const due = [...this.#timers].filter(({ at }) => at <= end)
    return due.sort((a, b) => a.at - b.at)[0]
  }
}
