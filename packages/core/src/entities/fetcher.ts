import type { Columns } from '../base/json.js'

/** What a column must be: a value, one of several, or nothing (`null`). */
export type Filter = string | number | boolean | null | readonly (string | number | boolean)[]

/** Which page of which list. */
export interface ListQuery<Row extends object = Columns> {
  /** Pages count from 1. Default: 1. */
  readonly page?: number
  /** Rows of a page. Default: 20. */
  readonly limit?: number
  readonly filters?: { readonly [C in keyof Row & string]?: Filter | undefined }
  /** A column, with a minus before it for descending. */
  readonly orderBy?: (keyof Row & string) | `-${keyof Row & string}`
}

/** A query with nothing left out. */
export type FullQuery = Required<Pick<ListQuery, 'page' | 'limit'>> & Pick<ListQuery, 'filters' | 'orderBy'>

/** Data that many pages need: the values of a label, the entity types, the settings of the app. */
export type ReferenceName =
  { readonly kind: 'datalabel'; readonly name: string } | { readonly kind: 'entity-codes' | 'settings' }

/** What a server answered. */
export interface Fetched<T = unknown> {
  readonly data: T
  /** What the server calls this state of it: an ETag, a version. Given back to ask whether it has changed. */
  readonly tag?: string | undefined
}

/** One page as the server has it. */
export interface FetchedPage {
  readonly rows: readonly Columns[]
  /** Rows on all pages. */
  readonly total: number
}

/** How a request is made. */
export interface Asking {
  readonly signal?: AbortSignal | undefined
  /** What is known already. A read then may answer `unchanged`; a write is refused with 412 when it has changed. */
  readonly tag?: string | undefined
}

/**
 * Where entities come from. Rows are server rows. Every method rejects with a `RemoteError`, whose `status` and `kind` say
 * what becomes of it: 401 the user must sign in, 404 the entity is gone, 412 somebody else has changed it, `retry` it is asked
 * again.
 */
export interface Fetcher {
  /** Names the server, so that what two of them said never meets. */
  readonly id: string
  read(code: string, id: string, asking: Asking): Promise<Fetched<Columns> | 'unchanged'>
  list(code: string, query: FullQuery, asking: Asking): Promise<Fetched<FetchedPage> | 'unchanged'>
  reference(name: ReferenceName, asking: Asking): Promise<Fetched | 'unchanged'>
  create(code: string, values: Columns, asking: Asking): Promise<Fetched<Columns>>
  update(code: string, id: string, patch: Columns, asking: Asking): Promise<Fetched<Columns>>
  remove(code: string, id: string, asking: Asking): Promise<void>
}
