import type { Columns } from '../base/json.js'
import { omit } from '../base/json.js'
import type { Mutation } from './mutation.js'

/**
 * The row that a user sees: what the server last said, with the pending patches on top, oldest first.
 * `null` means that there is no row. A patch on a row that the server deleted shows nothing (R3: the server's row wins as base).
 */
export function applyPatches(base: Columns | null, mutations: readonly Mutation[]): Columns | null {
  return mutations.reduce(applyPatch, base)
}

function applyPatch(row: Columns | null, mutation: Mutation): Columns | null {
  switch (mutation.op) {
    case 'delete':
      return null
    case 'update':
      return row && { ...row, ...mutation.patch }
    case 'insert':
      // The server may have told of our own insert already: its computed columns win over our stand-ins.
      return row ? { ...row, ...omit(mutation.patch, mutation.local ?? []) } : mutation.patch
  }
}
