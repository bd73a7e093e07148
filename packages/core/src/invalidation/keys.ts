/** All query keys are made here, and taken apart here. */

export type DocKey<T extends string = string> = readonly ['doc', type: T, id: string]
export type ListKey<T extends string = string> = readonly [
  'list',
  type: T,
  factoryId: string,
  { readonly page: number },
]
export type TableKey<N extends string = string, P extends object = object> = readonly [
  table: N,
  { readonly uid: string } & P,
]

/** The key of one document. */
export const keyDoc = <const T extends string>(type: T, id: string): DocKey<T> => ['doc', type, id]

/** The key of one page of a list; pages count from 1. */
export const keyList = <const T extends string>(type: T, factoryId: string, page = 1): ListKey<T> => [
  'list',
  type,
  factoryId,
  { page },
]

/** The key of a list's first page: the one that creates and deletes refetch. */
export const keyListHeads = <const T extends string>(type: T, factoryId: string): ListKey<T> =>
  keyList(type, factoryId)

/** The key of what a user has of a synced table, whole or narrowed by `part`, such as a range. */
export function keyTable<const N extends string>(table: N, uid: string): TableKey<N>
export function keyTable<const N extends string, const P extends object>(
  table: N,
  uid: string,
  part: P,
): TableKey<N, P>
export function keyTable(table: string, uid: string, part: object = {}): TableKey {
  return [table, { ...part, uid }]
}

/** What a key stands for. */
export type KeyParts =
  | { readonly kind: 'doc'; readonly type: string; readonly id: string }
  | { readonly kind: 'list'; readonly type: string; readonly factoryId: string; readonly page: number }

/** Takes a key of a document or list apart; `undefined` for every other key. A list may say more than its page. */
export function readKey([kind, type, of, options]: readonly unknown[]): KeyParts | undefined {
  if (typeof type !== 'string' || typeof of !== 'string') return undefined
  if (kind === 'doc') return { kind, type, id: of }
  return kind === 'list' ? { kind, type, factoryId: of, page: pageOf(options) } : undefined
}

/** Whether a key is a list's: the quick question before `readKey`, for those who look at a whole cache. */
export const isListKey = ([kind]: readonly unknown[]): boolean => kind === 'list'

/** An infinite query holds its first page too, and names none. */
function pageOf(options: unknown): number {
  const page = (options as { readonly page?: unknown } | null | undefined)?.page
  return typeof page === 'number' ? page : 1
}
