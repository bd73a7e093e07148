const taken = new Set([
  ...['schema', 'z', 'defineTable', 'defineSchema'],
  ...'break case catch class const continue debugger default delete do else enum export extends false finally for function if import in instanceof new null return super switch this throw true try typeof var void while with yield let static await async package private public interface implements protected'.split(
    ' ',
  ),
])

/** A name of Postgres as a constant's name in TypeScript: `user_calendars` → `userCalendars`. */
export function constantName(name: string, suffix: string): string {
  const words = name.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== '')
  const [first = 'a', ...rest] = words
  const joined = [
    first.charAt(0).toLowerCase() + first.slice(1),
    ...rest.map((word) => word.charAt(0).toUpperCase() + word.slice(1)),
  ].join('')
  const safe = /^\p{N}/u.test(joined) ? `_${joined}` : joined
  return taken.has(safe) ? safe + suffix : safe
}

/** A text as TypeScript writes it. */
export const quoted = (text: string): string =>
  `'${JSON.stringify(text)
    .slice(1, -1)
    .replaceAll(String.raw`\"`, '"')
    .replaceAll("'", String.raw`\'`)}'`

/** The key of an object literal. */
export const property = (name: string): string => (/^[A-Za-z_$][\w$]*$/.test(name) ? name : quoted(name))
