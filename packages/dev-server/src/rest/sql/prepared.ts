import { createHash, randomUUID } from 'node:crypto'

/** Statements that PostgreSQL keeps on each connection; more would take its memory and seldom be asked again. */
const most = 300

/** Names for statements that are asked again, so that PostgreSQL understands and plans them once. */
export interface Prepared {
  /** The name of a statement, from the second time it is asked. */
  nameOf(text: string): string | undefined
}

/** The types of parameters are decided once, so a new structure of the database needs names of its own. */
export function createPrepared(): Prepared {
  const generation = randomUUID()
  const names = new Map<string, string | undefined>()
  const hash = (text: string) => createHash('sha256').update(generation).update(text).digest('base64url')
  return {
    nameOf: (text) => {
      const isKnown = names.has(text)
      if (!isKnown && names.size === most) return undefined
      const name = isKnown ? (names.get(text) ?? hash(text)) : undefined
      names.set(text, name)
      return name
    },
  }
}
