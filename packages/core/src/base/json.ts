/** A row or a part of one: values by column name. */
export type Columns = Readonly<Record<string, unknown>>

/** Whether a value has columns. */
export const isColumns = (value: unknown): value is Columns => isObject(value) && !Array.isArray(value)

/** Value equality of what a row can hold: primitives, dates, arrays, plain objects. */
export function sameValue(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true
  if (!isObject(a) || !isObject(b)) return false
  if (a instanceof Date || b instanceof Date) return a instanceof Date && b instanceof Date && +a === +b
  return Array.isArray(a) === Array.isArray(b) && sameParts(a, b)
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null

function sameParts(a: object, b: object): boolean {
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
  const left = new Set(names)
  return Object.fromEntries(Object.entries(row).filter(([name]) => !left.has(name)))
}
