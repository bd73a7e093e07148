import type { Ports, TabChannel } from '@tidemark/core'
import type { Scheduler } from './scheduler.js'

type Heard = (message: unknown) => void

interface End {
  readonly tab: string
  readonly heard: Set<Heard>
}

/** BroadcastChannel between the tabs of one device: each hears the others in order, sooner or later. */
export class Channels {
  readonly #scheduler: Scheduler
  readonly #ends = new Map<string, Set<End>>()

  constructor(scheduler: Scheduler) {
    this.#scheduler = scheduler
  }

  open(tab: string, name: string): TabChannel {
    const ends = this.#ends.get(name) ?? new Set<End>()
    this.#ends.set(name, ends)
    const own: End = { tab, heard: new Set() }
    ends.add(own)
    return {
      post: (message) => {
        const copy: unknown = structuredClone(message)
        for (const end of ends)
          if (end !== own)
            this.#scheduler.add(`${name} ${tab} to ${end.tab}`, () => {
              if (ends.has(end)) for (const heard of end.heard) heard(copy)
            })
      },
      listen: (heard) => {
        own.heard.add(heard)
        return () => own.heard.delete(heard)
      },
      close: () => ends.delete(own),
    }
  }

  /** A tab is gone: it hears and says nothing more. */
  die(tab: string): void {
    for (const ends of this.#ends.values()) for (const end of [...ends]) if (end.tab === tab) ends.delete(end)
  }
}

interface Waiting {
  readonly tab: string
  readonly begin: () => void
}

interface Lock {
  holder: Waiting | undefined
  readonly queue: Waiting[]
}

/** Web Locks of one device. It can break them: then two tabs lead at once. */
export class Locks {
  readonly #scheduler: Scheduler
  readonly #locks = new Map<string, Lock>()

  constructor(scheduler: Scheduler) {
    this.#scheduler = scheduler
  }

  portOf(tab: string): Ports['lock'] {
    return (name, signal, held) =>
      new Promise((resolve, reject) => {
        const lock = this.#locks.get(name) ?? { holder: undefined, queue: [] }
        this.#locks.set(name, lock)
        const release = (): void => this.#release(lock, waiting)
        const waiting: Waiting = {
          tab,
          begin: () => {
            const work = signal.aborted ? Promise.resolve() : held()
            work.finally(release).then(resolve, reject)
          },
        }
        lock.queue.push(waiting)
        this.#next(lock)
      })
  }

  /** What a tab held is free, and it waits for nothing more. */
  die(tab: string): void {
    for (const lock of this.#locks.values()) {
      lock.queue.splice(0, lock.queue.length, ...lock.queue.filter((waiting) => waiting.tab !== tab))
      if (lock.holder?.tab === tab) this.#release(lock, lock.holder)
    }
  }

  /** Lets the next in each queue begin although the holder has not ended. */
  break(): void {
    for (const lock of this.#locks.values()) {
      lock.holder = undefined
      this.#next(lock)
    }
  }

  #release(lock: Lock, waiting: Waiting): void {
    if (lock.holder === waiting) lock.holder = undefined
    this.#next(lock)
  }

  #next(lock: Lock): void {
    if (lock.holder) return
    lock.holder = lock.queue.shift()
    const { begin } = lock.holder ?? {}
    if (begin) this.#scheduler.add('locks', begin)
  }
}
