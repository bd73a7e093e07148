import type { Ports } from '@tidemark/core'

interface Timer {
  readonly at: number
  readonly run: () => void
  handle: ReturnType<typeof setTimeout> | undefined
}

/**
 * The time of a story: begins where the toolbar says, goes on with the time of the person who looks, and can be moved on by days
 * in a moment.
 */
export class Clock implements Pick<Ports, 'now' | 'timer'> {
  readonly #begun = performance.now()
  readonly #start: number
  readonly #timers = new Set<Timer>()
  #skipped = 0

  /** @param start ms since the epoch */
  constructor(start: number) {
    this.#start = start
  }

  now(): number {
    return Math.floor(this.#start + this.#skipped + performance.now() - this.#begun)
  }

  timer(delay: number, run: () => void): () => void {
    const timer: Timer = { at: this.now() + delay, run, handle: undefined }
    this.#timers.add(timer)
    timer.handle = setTimeout(() => this.#fire(timer), delay)
    return () => this.#drop(timer)
  }

  /** Lets `ms` pass at once, with everything that was to happen in them. */
  pass(ms: number): void {
    this.#skipped += ms
    const due = [...this.#timers].filter(({ at }) => at <= this.now()).sort((a, b) => a.at - b.at)
    for (const timer of due) if (this.#timers.has(timer)) this.#fire(timer)
  }

  /** Nothing that was to happen happens any more. */
  stop(): void {
    for (const timer of this.#timers) this.#drop(timer)
  }

  #fire(timer: Timer): void {
    this.#drop(timer)
    timer.run()
  }

  #drop(timer: Timer): void {
    clearTimeout(timer.handle)
    this.#timers.delete(timer)
  }
}
