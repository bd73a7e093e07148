/** A text as an SQL literal. */
export const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`

/** A name as SQL reads it back, with quotes where it needs them. */
export const identifier = (name: string): string =>
  /^[a-z_][a-z0-9_]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`

/** A table of the schema `public`, as `regclass` reads it. */
export const relation = (name: string): string => `public.${identifier(name)}`

/** Names as a literal of `text[]`. */
export const names = (list: readonly string[]): string =>
  literal(
    `{${list.map((name) => (/^\w+$/.test(name) ? name : `"${name.replaceAll(/["\\]/g, '\\$&')}"`)).join(',')}}`,
  )
