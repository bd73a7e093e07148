import type { Request } from '../context.js'
import { invalid } from './errors.js'

/** The JSON object of a request; none is an empty one. @throws StorageError */
export function bodyOf({ body }: Request): Readonly<Record<string, unknown>> {
  const text = body.toString('utf8')
  if (text === '') return {}
  try {
    const given: unknown = JSON.parse(text)
    if (typeof given === 'object' && given !== null && !Array.isArray(given))
      return given as Record<string, unknown>
  } catch (error) {
    throw invalid(`The body is not JSON: ${error instanceof Error ? error.message : String(error)}`)
  }
  throw invalid('The body is not an object')
}

/** @throws StorageError for what is no text */
export function mustText(value: unknown, name: string): string {
  if (typeof value === 'string' && value !== '') return value
  throw invalid(`body must have required property '${name}'`)
}

/** @throws StorageError for what is no list of texts */
export function mustTexts(value: unknown, name: string): string[] {
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value
  throw invalid(`body/${name} must be array of strings`)
}

/** A number of the body within its bounds, or what it is when it is left out. */
export function numberOf(value: unknown, fallback: number, most = Number.MAX_SAFE_INTEGER): number {
  if (value === undefined || value === null) return fallback
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0) return Math.min(value, most)
  throw invalid('body has a number that cannot be')
}

/** A text of the body, empty where it is left out. @throws StorageError */
export function textOf(value: unknown): string {
  if (value === undefined || value === null) return ''
  if (typeof value === 'string') return value
  throw invalid('body has a text that is none')
}

/** How a list is sorted: by name where nothing else is said. @throws StorageError for a column that is none of those */
export function sortOf(
  sortBy: unknown,
  columns: readonly string[],
): { column: string; order: 'asc' | 'desc' } {
  const { column = 'name', order } = (sortBy ?? {}) as { column?: unknown; order?: unknown }
  if (typeof column !== 'string' || !columns.includes(column))
    throw invalid('body/sortBy/column cannot be sorted by')
  return { column, order: order === 'desc' ? 'desc' : 'asc' }
}

const units: Readonly<Record<string, number>> = {
  '': 1,
  B: 1,
  KB: 1e3,
  MB: 1e6,
  GB: 1e9,
  KIB: 2 ** 10,
  MIB: 2 ** 20,
  GIB: 2 ** 30,
}

/** Bytes of a size as people write it: `50MiB`, `1 MB`, 1000. Undefined for what is none. */
export function bytesOf(size: unknown): number | undefined {
  if (typeof size === 'number') return size
  const [, amount = '', unit = ''] =
    /^\s*([\d.]+)\s*([kmg]?i?b?)\s*$/i.exec(typeof size === 'string' ? size : '') ?? []
  const factor = units[unit.toUpperCase()]
  return amount === '' || factor === undefined ? undefined : Math.round(Number(amount) * factor)
}
