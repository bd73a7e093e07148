/** A row or a part of one: values by column name. */
export type Columns = Readonly<Record<string, unknown>>

/** Value equality of what a row can hold: primitives, dates, arrays, plain objects. */
export function sameValue(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  if (a instanceof Date || b instanceof Date) return a instanceof Date && b instanceof Date && +a === +b
  if (Array.isArray(a) !== Array.isArray(b)) return false
  const keys = Object.keys(a)
  if (keys.length !== Object.keys(b).length) return false
  return keys.every((key) => key in b && sameValue((a as Columns)[key], (b as Columns)[key]))
}

/** The columns of `next` whose values differ from those of `previous`. */
export function changedColumns(previous: Columns, next: Columns): Columns {
  return Object.fromEntries(Object.entries(next).filter(([name, value]) => !sameValue(previous[name], value)))
}

/** A copy without the named columns. */
export function omit(row: Columns, names: Iterable<string>): Columns {
  const copy: Record<string, unknown> = { ...row }
  for (const name of names) delete copy[name]
  return copy
}
