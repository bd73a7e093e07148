import type { DataTag } from '@tanstack/query-core'
import { keyDoc, keyList, keyListHeads, type DocKey, type ListKey } from './keys.js'

/** The keys of an app's own document types: a wrong type does not compile, and a key knows what is cached under it. */
export interface TypedKeys<Docs extends object, Lists extends { readonly [T in keyof Docs]: unknown }> {
  readonly keyDoc: <T extends keyof Docs & string>(type: T, id: string) => DataTag<DocKey<T>, Docs[T]>
  readonly keyList: <T extends keyof Docs & string>(
    type: T,
    factoryId: string,
    page?: number,
  ) => DataTag<ListKey<T>, Lists[T]>
  readonly keyListHeads: <T extends keyof Docs & string>(
    type: T,
    factoryId: string,
  ) => DataTag<ListKey<T>, Lists[T]>
}

/**
 * The makers of keys, bound to an app's document types.
 *
 * @example
 * const { keyDoc, keyList } = typedKeys<{ wo: WorkOrder; invoice: Invoice }>()
 * client.getQueryData(keyDoc('wo', id))  // WorkOrder | undefined
 */
export const typedKeys = <
  Docs extends object,
  Lists extends { readonly [T in keyof Docs]: unknown } = { readonly [T in keyof Docs]: readonly Docs[T][] },
>(): TypedKeys<Docs, Lists> => ({ keyDoc, keyList, keyListHeads }) as TypedKeys<Docs, Lists>
