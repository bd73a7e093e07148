/** The limits of the columns that an import fills. */
export const limits = { title: 500, agenda: 20_000, minutes: 31 * 1_440 } as const

/**
 * Text as a database takes it: without the characters that Postgres or JSON refuse, and no longer than the column.
 *
 * @param longest in UTF-16 units, of which no character is cut in half
 */
export function cleanText(text: string, longest: number): string {
  // eslint-disable-next-line no-control-regex -- Control characters are what is taken out.
  const clean = text.replace(/[\u0000-\u0008\u000B-\u001F\u007F]/g, '').replace(/\p{Surrogate}/gu, '\uFFFD')
  return clean
    .slice(0, longest)
    .replace(/[\uD800-\uDBFF]$/, '')
    .trim()
}
