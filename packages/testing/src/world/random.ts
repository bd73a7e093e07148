/** A stream of chances that is the same for the same seed. */
export interface Random {
  /** A number in [0, 1). */
  next(): number
  /** A whole number in [0, below). */
  int(below: number): number
  /** True with the probability `p`. */
  chance(p: number): boolean
  /** One of the list. */
  pick<T>(list: readonly T[]): T | undefined
}

/** mulberry32 by Tommy Ettinger (public domain): 32 bits of state, quick, even enough for schedules. */
export function seeded(seed: number): Random {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
  const int = (below: number): number => Math.floor(next() * below)
  return { next, int, chance: (p) => next() < p, pick: (list) => list[int(list.length)] }
}
