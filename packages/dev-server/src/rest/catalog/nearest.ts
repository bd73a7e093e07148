/** The name that most looks like the one that is not there, if any does. */
export function nearest(name: string, names: Iterable<string>): string | undefined {
  const limit = Math.max(2, Math.floor(name.length / 2))
  let best: { name: string; distance: number } | undefined
  for (const candidate of names) {
    const measured = distance(name, candidate)
    if (measured <= limit && measured < (best?.distance ?? Infinity))
      best = { name: candidate, distance: measured }
  }
  return best?.name
}

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
