import { ParseError } from './parseError.js'

/** Reads a text from left to right. */
export interface Scanner {
  /** Takes what the sticky pattern matches here, or nothing. */
  take(pattern: RegExp): string | undefined
  /** Takes it, or fails with what was expected. */
  must(pattern: RegExp, expected: string): string
  /** Looks without taking. */
  sees(pattern: RegExp): boolean
  /** Fails unless everything has been read. */
  end(): void
  fail(expected: string): never
}

/**
 * @param text what is read
 * @param what names it in the message: `filter (eq)`
 */
export function scan(text: string, what: string): Scanner {
  let position = 0
  const match = (pattern: RegExp) => {
    const sticky = new RegExp(pattern.source, `${pattern.flags.replace(/[gy]/g, '')}y`)
    sticky.lastIndex = position
    return sticky.exec(text)?.[0]
  }
  const take = (pattern: RegExp) => {
    const found = match(pattern)
    position += found?.length ?? 0
    return found
  }
  const fail = (expected: string): never => {
    const found = position < text.length ? `"${text.charAt(position)}"` : 'end of input'
    throw new ParseError(
      `"failed to parse ${what}" (line 1, column ${String(position + 1)})`,
      `unexpected ${found} expecting ${expected}`,
    )
  }
  return {
    take,
    fail,
    must: (pattern, expected) => take(pattern) ?? fail(expected),
    sees: (pattern) => match(pattern) !== undefined,
    end: () => {
      if (position < text.length) fail('end of input')
    },
  }
}

/** Reads what a separator stands between, at least one. */
export function separated<Item>(scanner: Scanner, separator: RegExp, item: () => Item): Item[] {
  const items = [item()]
  while (scanner.take(separator) !== undefined) items.push(item())
  return items
}
