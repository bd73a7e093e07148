import type { Ports, Stop } from '../base/ports.js'

/** A leader that nobody has seen for so many ms lets a tab lead that is seen: browsers slow hidden pages down. */
const patience = 30_000

/** `hidden`: a tab has not been seen for long, and may lead. `seen`: a tab is. */
export type HandOverWord = 'hidden' | 'seen'

export interface HandOverOptions {
  readonly ports: Ports
  readonly say: (word: HandOverWord) => void
  /** Another tab should lead, if this one does. */
  readonly giveWay: () => unknown
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
  /** For how long nobody has seen this tab: not at all, for a while, or too long to lead. */
  #hidden: 0 | 1 | 2 = 0
  #timer: Stop | undefined

  constructor(options: HandOverOptions) {
    this.#options = options
    const subscription = options.ports.visible$.subscribe((visible) => this.#turn(visible))
    this.#stop = () => subscription.unsubscribe()
  }

  /** This tab has begun to lead. */
  began(): void {
    if (this.#hidden > 1) this.#options.say('hidden')
  }

  hear(word: HandOverWord): void {
    if (word === 'hidden' && this.#hidden < 1) this.#options.say('seen')
    if (word === 'seen' && this.#hidden > 1) this.#options.giveWay()
  }

  stop(): void {
    this.#stop()
    this.#timer?.()
  }

  #turn(visible: boolean): void {
    this.#timer?.()
    this.#hidden = visible ? 0 : 1
    if (visible) return this.#options.say('seen')
    this.#timer = this.#options.ports.timer(patience, () => {
      this.#hidden = 2
      this.began()
    })
  }
}
