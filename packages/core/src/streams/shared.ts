import type { Ports, Stop } from '../base/ports.js'

/** How long a thing outlives its last user, in ms: a page that comes back at once finds it warm. */
const linger = 5_000

interface Held<V> {
  readonly value: V
  users: number
  leaving: Stop | undefined
}

/** Things that equal askers share, reference-counted by key. */
export class Shared<V> {
  readonly #held = new Map<string, Held<V>>()
  readonly #ports: Ports
  readonly #dropped: (value: V) => void

  constructor(ports: Ports, dropped: (value: V) => void = () => undefined) {
    this.#ports = ports
    this.#dropped = dropped
  }

  peek(key: string): V | undefined {
    return this.#held.get(key)?.value
  }

  values(): V[] {
    return [...this.#held.values()].map(({ value }) => value)
  }

  /** The thing, made if it is not there, and a function that lets it go. */
  acquire(key: string, make: () => V): { view: V; release: Stop } {
    const held = this.#held.get(key) ?? { value: make(), users: 0, leaving: undefined }
    this.#held.set(key, held)
    held.users += 1
    held.leaving?.()
    held.leaving = undefined
    let released = false
    const release = (): void => {
      if (released) return
      released = true
      held.users -= 1
      if (held.users === 0) held.leaving = this.#ports.timer(linger, () => this.drop(key, held.value))
    }
    return { view: held.value, release }
  }

  /** Forgets the thing now, unless another one has taken its place. */
  drop(key: string, value: V): void {
    const held = this.#held.get(key)
    if (held?.value !== value) return
    held.leaving?.()
    this.#held.delete(key)
    this.#dropped(value)
  }

  clear(): void {
    for (const [key, { value }] of [...this.#held]) this.drop(key, value)
  }
}
