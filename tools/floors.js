/**
 * The floors of `packages/core/src`, lowest first: a file imports only its own floor and lower ones.
 * Files at the top of `src` stand above them all.
 */
export const floors = [
  'base',
  'schema',
  'query',
  'outbox',
  'store',
  'streams',
  'mutations',
  'remote',
  'sync',
  'feeds',
  'invalidation',
  'entities',
]
