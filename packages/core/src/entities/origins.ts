import { isColumns, sameValue, type Columns } from '../base/json.js'
import { ValidationError } from '../base/errors.js'
import { isOlder } from '../base/version.js'
import { RemoteError } from '../remote/errors.js'
import { decodeEntity, entityId, idOf, type EntityType } from './entityType.js'
import type { FetchedPage, FullQuery, ReferenceName } from './fetcher.js'
import type { Origin, Surroundings } from './origin.js'

/** One page of a list. */
export interface Page<Row = Columns> {
  readonly rows: readonly Row[]
  /** Rows on all pages. */
  readonly total: number
}

/** One entity. */
export function entityOrigin(
  code: string,
  type: EntityType,
  id: string,
  around: Surroundings,
): Origin<Columns> {
  return {
    store: 'entities',
    id: entityId(code, id),
    view: { kind: 'doc', type: code, id },
    fetch: (asking) => around.options.fetcher.read(code, id, asking).catch(goneOr),
    decode: (data) => decodeEntity(code, type, data),
    visible: (row) => around.overlay.visible(code, id, row),
    isOlder,
    seed: () => around.rowOf(code, id),
    accepted: (data) => around.heard(code, [data as Columns]),
  }
}

/** Whether a failure says that the server does not have it. */
export const isGone = (error: unknown): boolean =>
  error instanceof RemoteError && [404, 410].includes(error.status)

/** That the server does not have it is an answer too. @throws every other failure */
export function goneOr(error: unknown): 'gone' {
  if (isGone(error)) return 'gone'
  throw error
}

/** One page of a list. Equal queries have equal ids. */
export function listOrigin(
  code: string,
  type: EntityType,
  query: FullQuery,
  around: Surroundings,
): Origin<Page> {
  return {
    store: 'lists',
    id: `${code}:${hashOf(query)}`,
    view: { kind: 'list', type: code },
    rows: (page) => page.rows.map((row) => ({ kind: 'doc', type: code, id: idOf(type, row) })),
    fetch: (asking) => around.options.fetcher.list(code, query, asking),
    decode: pageDecoder(code, type, around.report),
    visible: (page) => visiblePage(page, (row) => around.overlay.visible(code, idOf(type, row), row)),
    accepted: (data) => around.heard(code, (data as FetchedPage).rows),
  }
}

/** The page as a page of the app shows it: the same object when nothing is under way. */
function visiblePage(page: Page, visible: (row: Columns) => Columns | undefined): Page {
  const shown = page.rows.map(visible)
  if (shown.every((row, index) => row === page.rows[index])) return page
  const rows = shown.filter((row) => row !== undefined)
  return { rows, total: page.total - page.rows.length + rows.length }
}

function hashOf({ page, limit, orderBy = '', filters = {} }: FullQuery): string {
  const given = Object.entries(filters).filter(([, filter]) => filter !== undefined)
  return JSON.stringify([page, limit, orderBy, given.sort(([a], [b]) => (a < b ? -1 : 1))])
}

/** Decodes pages of one list: rows that say the same stay the same objects, and one that does not fit hides no others. */
function pageDecoder(
  code: string,
  type: EntityType,
  report: (error: unknown) => void,
): (data: unknown) => Page {
  let last = new Map<string, { readonly raw: Columns; readonly row: Columns }>()
  return (data) => {
    const { rows, total } = data as FetchedPage
    const next: typeof last = new Map()
    for (const raw of rows) {
      const id = idOf(type, raw)
      const known = last.get(id)
      try {
        next.set(id, known && sameValue(known.raw, raw) ? known : { raw, row: decodeEntity(code, type, raw) })
      } catch (error) {
        report(error)
      }
    }
    last = next
    return { rows: [...next.values()].map(({ row }) => row), total }
  }
}

/** The name that an id stands for. */
export function referenceOf(id: string): ReferenceName {
  const [kind, ...name] = id.split(':')
  return (kind === 'datalabel' ? { kind, name: name.join(':') } : { kind }) as ReferenceName
}

/** Reference data: a list, or for the settings an object. */
export function referenceOrigin(reference: ReferenceName, { options }: Surroundings): Origin<unknown> {
  const { kind, name } = { name: undefined, ...reference }
  const id = name === undefined ? kind : `${kind}:${name}`
  return {
    store: 'metadata',
    id,
    view: { kind: 'doc', type: kind, id: name ?? kind },
    fetch: (asking) => options.fetcher.reference(reference, asking),
    decode: (data) => {
      const fits = kind === 'settings' ? isColumns(data) : Array.isArray(data) && data.every(isColumns)
      if (fits) return data
      throw new ValidationError([{ path: [], message: 'It is not what was asked for.' }], { table: id })
    },
  }
}

/** A page with newer rows in the place of those that it has; the same page when it has none of them. */
export function withRows(type: EntityType, page: FetchedPage, heard: readonly Columns[]): FetchedPage {
  const byId = new Map(heard.map((row) => [idOf(type, row), row]))
  let changed = false
  const rows = page.rows.map((known) => {
    const row = byId.get(idOf(type, known))
    if (!row || isOlder(row, known) || sameValue(row, known)) return known
    changed = true
    return row
  })
  return changed ? { ...page, rows } : page
}

/** A page without a row; the same page when it does not have it. */
export function withoutRow(type: EntityType, page: FetchedPage, id: string): FetchedPage {
  const rows = page.rows.filter((row) => idOf(type, row) !== id)
  return rows.length === page.rows.length ? page : { rows, total: page.total - 1 }
}
