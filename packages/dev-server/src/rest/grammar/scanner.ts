import { ParseError } from './parseError.js'

/** Reads a text from left to right. All patterns are sticky (`/…/y`). */
export interface Scanner {
  /**
   * Takes what the pattern matches here, or nothing.
   * @param expected what it is, for the message when nothing else fits either
   */
  take(pattern: RegExp, expected?: string): string | undefined
  /** Takes it, or fails with what was expected here. */
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
  let expectedHere: { position: number; words: string[] } = { position: 0, words: [] }

  const match = (pattern: RegExp) => {
    pattern.lastIndex = position
    return pattern.exec(text)?.[0]
  }
  const expect = (words: string) => {
    if (expectedHere.position !== position) expectedHere = { position, words: [] }
    if (!expectedHere.words.includes(words)) expectedHere.words.push(words)
  }
  const take = (pattern: RegExp, expected?: string) => {
    const found = match(pattern)
    if (found !== undefined) position += found.length
    else if (expected !== undefined) expect(expected)
    return found
  }
  const failure = (found: string) => {
    const details = `unexpected ${found} expecting ${listed(expectedHere.words)}`
    return new ParseError(`"failed to parse ${what}" ${place(text, position)}`, details)
  }
  const fail = (expected: string): never => {
    expect(expected)
    throw failure(position < text.length ? JSON.stringify(charAt(text, position)) : 'end of input')
  }
  return {
    take,
    fail,
    must: (pattern, expected) => take(pattern) ?? fail(expected),
    sees: (pattern) => match(pattern) !== undefined,
    end: () => {
      if (position >= text.length) return
      expect('end of input')
      throw failure(`'${charAt(text, position)}'`)
    },
  }
}

/** Reads what a separator stands between, at least one. */
export function separated<Item>(
  scanner: Scanner,
  separator: RegExp,
  item: () => Item,
  expected?: string,
): Item[] {
  const items = [item()]
  while (scanner.take(separator, expected) !== undefined) items.push(item())
  return items
}

const charAt = (text: string, position: number) => String.fromCodePoint(text.codePointAt(position) ?? 0)

function place(text: string, position: number): string {
  const lines = text.slice(0, position).split('\n')
  return `(line ${String(lines.length)}, column ${String((lines.at(-1) ?? '').length + 1)})`
}

/** `a`, `a or b`, `a, b or c`. */
function listed(words: readonly string[]): string {
  const last = words.at(-1) ?? ''
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} or ${last}`
}
