import { browserPorts, type Ports } from '../src/index.js'

/** Ports whose time stands still until it is moved. */
export interface VirtualPorts {
  readonly ports: Ports
  /** Lets `ms` pass: timers run when they are due, and what they start is waited for. */
  pass(ms: number): Promise<void>
}

interface Timer {
  readonly due: number
  readonly run: () => void
}

/** Makes ports with a clock that begins at `start` ms, and where `random` always answers the same. */
export function virtualPorts(start = 0, random = 0.5): VirtualPorts {
  let now = start
  const timers = new Set<Timer>()
  const next = (end: number): Timer | undefined =>
    [...timers].filter(({ due }) => due <= end).sort((a, b) => a.due - b.due)[0]
  return {
    ports: {
      ...browserPorts,
      now: () => now,
      random: () => random,
      timer: (delay, run) => {
        const timer = { due: now + delay, run }
        timers.add(timer)
        return () => timers.delete(timer)
      },
    },
    async pass(ms) {
      const end = now + ms
      await settled()
      for (let timer = next(end); timer; timer = next(end)) {
        timers.delete(timer)
        now = timer.due
        timer.run()
        await settled()
      }
      now = end
    },
  }
}

/** Lets everything run that waits for no timer. */
export const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
