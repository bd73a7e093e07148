import type { Random } from './random.js'

type Run = () => void

interface Timer {
  readonly at: number
  readonly order: number
  readonly run: Run
}

/** A history of 300 steps takes some 10,000 here. */
const mostSteps = 150_000

const afterMicrotasks = globalThis.setImmediate

/**
 * Owns time and order: everything that happens later stands in one of its lines, and chance decides which line moves next. Within a
 * line the order is kept. Virtual time passes only when nothing else can happen.
 */
export class Scheduler {
  /** ms since the epoch. */
  now = Date.parse('2026-03-01T08:00:00Z')
  readonly #random: Random
  readonly #lines = new Map<string, Run[]>()
  #timers: Timer[] = []
  #order = 0
  #steps = 0

  constructor(random: Random) {
    this.#random = random
  }

  /** Puts something at the end of a line. */
  add(line: string, run: Run): void {
    const queue = this.#lines.get(line)
    if (queue) queue.push(run)
    else this.#lines.set(line, [run])
  }

  /** Calls `run` after `delay` ms of virtual time; answers what stops it. */
  timer(delay: number, run: Run): () => void {
    const timer: Timer = { at: this.now + Math.max(0, delay), order: (this.#order += 1), run }
    this.#timers.push(timer)
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer)
    }
  }

  /** True when something can happen without time passing. */
  get ready(): boolean {
    return this.#lines.size > 0
  }

  /** Lets the first of some line happen, and all that follows from it at once. */
  async step(): Promise<boolean> {
    const line = this.#random.pick([...this.#lines.keys()])
    if (line === undefined) return false
    const queue = this.#lines.get(line) ?? []
    const run = queue.shift()
    if (queue.length === 0) this.#lines.delete(line)
    this.#steps += 1
    if (this.#steps > mostSteps)
      throw new Error('The simulated world does not come to rest: something goes on for ever.')
    run?.()
    await settled()
    return true
  }

  /** Lets everything happen that can without time passing. */
  async drain(): Promise<void> {
    // What was begun just now goes as far as it can first.
    await settled()
    while (await this.step());
  }

  /** Lets time pass, and everything that happens in it. */
  async pass(ms: number): Promise<void> {
    const end = this.now + ms
    for (;;) {
      await this.drain()
      const next = this.#timers.reduce<Timer | undefined>(earlier, undefined)
      if (!next || next.at > end) break
      this.now = Math.max(this.now, next.at)
      this.#timers = this.#timers.filter((timer) => timer !== next)
      next.run()
      await settled()
    }
    this.now = Math.max(this.now, end)
  }
}

const earlier = (best: Timer | undefined, timer: Timer): Timer =>
  best && (best.at < timer.at || (best.at === timer.at && best.order < timer.order)) ? best : timer

/** Resolves when all microtasks have run. */
export const settled = (): Promise<void> => new Promise((resolve) => afterMicrotasks(resolve))
