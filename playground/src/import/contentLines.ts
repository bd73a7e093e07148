import { IcsError } from './icsError.js'

/** One property as the file means it: folded lines joined. */
export interface ContentLine {
  readonly text: string
  /** The line of the file on which it begins, from 1. */
  readonly line: number
}

/**
 * The content lines of a calendar file. Any of the three ends of line is taken, and blank lines are passed over.
 *
 * @throws IcsError when the file begins in the middle of a folded line
 */
export function contentLines(text: string): ContentLine[] {
  const found: { parts: string[]; line: number }[] = []
  for (const [index, physical] of text
    .replace(/^\uFEFF/, '')
    .split(/\r\n|\n|\r/)
    .entries()) {
    if (/^[ \t]/.test(physical)) {
      const open = found.at(-1)
      if (open) open.parts.push(physical.slice(1))
      else if (physical.trim() !== '') throw new IcsError(index + 1, 'It continues a line that is not there.')
    } else if (physical !== '') {
      found.push({ parts: [physical], line: index + 1 })
    }
  }
  return found.map(({ parts, line }) => ({ text: parts.join(''), line }))
}
