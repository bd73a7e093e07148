import type { Ports, Stop } from '../base/ports.js'

/** A leader that nobody has seen for so many ms lets a tab lead that is seen: browsers slow hidden pages down. */
const patience = 30_000

/** `hidden`: a leader has not been seen for long. `seen`: a tab is. */
export type HandOverWord = 'hidden' | 'seen'

export interface HandOverOptions {
  readonly ports: Ports
  readonly leads: () => boolean
  readonly say: (word: HandOverWord) => void
  /** Another tab should lead. */
  readonly giveWay: () => void
}

/**
 * Decides when a hidden leader gives way.
 *
 *   seen ── hidden for 30 s ──► asks: hidden ── another answers: seen ──► gives way
 *     ▲                          │                or comes to the front
 *     └── seen again ────────────┘
 */
export class HandOver {
  readonly #options: HandOverOptions
  readonly #stop: Stop
  #seen = true
  #patient = true
  #timer: Stop | undefined

  constructor(options: HandOverOptions) {
    this.#options = options
    const subscription = options.ports.visible$.subscribe((visible) => this.#turn(visible))
    this.#stop = () => subscription.unsubscribe()
  }

  /** This tab has begun to lead. */
  began(): void {
    if (!this.#patient) this.#options.say('hidden')
  }

  hear(word: HandOverWord): void {
    if (word === 'hidden' && this.#seen) this.#options.say('seen')
    if (word === 'seen' && !this.#patient && this.#options.leads()) this.#options.giveWay()
  }

  stop(): void {
    this.#stop()
    this.#timer?.()
  }

  #turn(visible: boolean): void {
    this.#timer?.()
    this.#seen = visible
    this.#patient = true
    if (visible) return this.#options.say('seen')
    this.#timer = this.#options.ports.timer(patience, () => {
      this.#patient = false
      if (this.#options.leads()) this.#options.say('hidden')
    })
  }
}
