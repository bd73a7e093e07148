import { TidemarkError } from '../base/errors.js'
import { sentColumns, type Mutation } from './mutation.js'

/** Bytes of JSON that one request carries at most. What must go in one request, a mutation or a group, may not be larger. */
export const mostBytes = 256 * 1024

const encoder = new TextEncoder()

/** Bytes of a value's JSON in UTF-8. */
export const bytesOf = (value: unknown): number => encoder.encode(JSON.stringify(value)).length

/**
 * Refuses what no request could carry.
 *
 * @param mutations what is sent as one
 * @throws TidemarkError `too-large`
 */
export function checkSize(mutations: readonly Mutation[]): void {
  const [first] = mutations
  const bytes = mutations.reduce((sum, mutation) => sum + sentBytes(mutation), 0)
  if (!first || bytes <= mostBytes) return
  throw new TidemarkError('too-large', `${bytes} bytes are too large.`, first)
}

const sentBytes = (mutation: Mutation): number => {
  const { table, key, op } = mutation
  return bytesOf({ table, key, op, values: sentColumns(mutation) })
}
