/** So much at once, so much a second afterwards. */
export class TokenBucket {
  readonly #rate: number
  readonly #burst: number
  #tokens: number
  #filledAt: number

  /**
   * @param rate tokens a second
   * @param burst the most that are kept
   * @param now milliseconds
   */
  constructor(rate: number, burst: number, now: number) {
    this.#rate = rate
    this.#burst = burst
    this.#tokens = burst
    this.#filledAt = now
  }

  /** Takes tokens when there are enough; a clock that goes back adds none. */
  take(count: number, now: number): boolean {
    const passed = Math.max(0, now - this.#filledAt) / 1_000
    this.#filledAt = now
    this.#tokens = Math.min(this.#burst, this.#tokens + passed * this.#rate)
    if (this.#tokens < count) return false
    this.#tokens -= count
    return true
  }
}
