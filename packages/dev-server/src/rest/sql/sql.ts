/** What travels beside a statement; PostgreSQL reads it as the type that stands where it is used. */
export type Parameter = string | Buffer | null

/** One piece of a statement: text of ours, or a parameter. */
type Piece = string | { readonly value: Parameter }

/**
 * SQL that can be put together but not read from a string: what a caller sends gets in only through
 * `ident`, which quotes, or `param`, which makes a parameter.
 */
export interface Sql {
  readonly pieces: readonly Piece[]
}

/** Text with SQL between it: ``sql`select ${ident(name)}` ``. */
export function sql(strings: TemplateStringsArray, ...parts: readonly Sql[]): Sql {
  const pieces = strings.flatMap((text, index) => [text, ...(parts[index]?.pieces ?? [])])
  return { pieces: pieces.filter((piece) => piece !== '') }
}

/** A quoted identifier. */
export const ident = (name: string): Sql => ({ pieces: [quote(name)] })

/** A parameter; its type is what the place where it stands wants, as with a quoted literal. */
export const param = (value: Parameter): Sql => ({ pieces: [{ value }] })

/** Text out of PostgreSQL's own catalogue, such as the name of a type or a default. Never a caller's. */
export const fromCatalog = (text: string): Sql => ({ pieces: [text] })

/** A whole number of ours, where PostgreSQL takes no parameter. */
export const integer = (value: number): Sql => ({ pieces: [String(Math.trunc(value))] })

/** The parts with a separator between them. */
export function join(parts: readonly Sql[], separator: Sql = sql`, `): Sql {
  return {
    pieces: parts.flatMap((part, index) =>
      index === 0 ? part.pieces : [...separator.pieces, ...part.pieces],
    ),
  }
}

export const empty: Sql = { pieces: [] }

/** What the driver takes. */
export function toQuery({ pieces }: Sql): { text: string; values: Parameter[] } {
  const values: Parameter[] = []
  const text = pieces.map((piece) => {
    if (typeof piece === 'string') return piece
    return `$${String(values.push(piece.value))}`
  })
  return { text: text.join(''), values }
}

/** PostgreSQL ends names at a zero byte, so it is left out. */
const quote = (name: string) => `"${name.replaceAll('\0', '').replaceAll('"', '""')}"`
