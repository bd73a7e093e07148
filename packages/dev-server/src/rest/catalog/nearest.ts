/** How alike a name must be to be told to somebody who may not know it: three letters of four. */
export const alike = 0.75

/**
 * The name that most looks like the one that is not there, if any does.
 * @param least how alike it must be, from 0 to 1
 */
export function nearest(name: string, names: Iterable<string>, least = 1 / 3): string | undefined {
  let best: { name: string; likeness: number } | undefined
  for (const candidate of names) {
    const measured = likeness(name.toLowerCase(), candidate.toLowerCase())
    if (measured >= least && measured > (best?.likeness ?? 0)) best = { name: candidate, likeness: measured }
  }
  return best?.name
}

const likeness = (a: string, b: string) => 1 - distance(a, b) / Math.max(a.length, b.length, 1)

/** Letters to add, drop or change on the way from one word to the other. */
function distance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index)
  for (let i = 1; i <= from.length; i += 1) {
    const next = [i]
    for (let j = 1; j <= to.length; j += 1) {
      const changed = (row[j - 1] ?? 0) + (from[i - 1] === to[j - 1] ? 0 : 1)
      next.push(Math.min(changed, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    row = next
  }
  return row[to.length] ?? 0
}
