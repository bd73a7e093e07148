import type { Request } from '../context.js'
import type { Catalog, SchemaCatalog } from './catalog/catalog.js'
import type { Setting } from './catalog/settings.js'
import type { Caller } from './request/caller.js'
import { ident, join, param, type Sql, sql, toQuery } from './sql/sql.js'

/** What decides about the settings of a transaction. */
export interface Circumstances {
  readonly request: Request
  readonly caller: Caller
  readonly catalog: Catalog
  readonly schema: SchemaCatalog
  /** Settings of the function that is called. */
  readonly ofFunction: readonly Setting[]
  /** The time zone the caller prefers. */
  readonly timezone: string | undefined
  readonly isReadOnly: boolean
  /** The connection may become any role, as PostgREST's own may not. */
  readonly isSuperuser: boolean
}

/**
 * `select set_config(…), …`: who asks, and what, for policies and functions to see.
 * @param check an expression that fails when the request was understood with an old catalogue
 */
export function settingsOf(circumstances: Circumstances, check: Sql): Sql {
  const { request, caller, catalog, schema, ofFunction, timezone, isReadOnly, isSuperuser } = circumstances
  const { cookie = '', ...headers } = request.headers
  const all: Setting[] = [
    ['search_path', searchPath(schema.name, catalog)],
    ...(catalog.settings.ofRole.get(caller.role) ?? []),
    ['request.jwt.claims', JSON.stringify({ ...caller.claims, role: caller.role })],
    ['request.method', request.method],
    ['request.path', request.url.pathname],
    ['request.headers', JSON.stringify(headers)],
    ['request.cookies', JSON.stringify(cookiesOf(cookie))],
    ...(timezone === undefined ? [] : [['timezone', timezone] as const]),
    ...ofFunction,
    ...(isReadOnly ? [['transaction_read_only', 'on'] as const] : []),
    // The role comes last: what follows is decided by its rights, and it must be one of those PostgREST may take.
    ...(isSuperuser ? [['session_authorization', 'authenticator'] as const] : []),
    ['role', caller.role],
  ]
  return sql`select ${check}, ${join(all.map(setting))}`
}

const setting = ([name, value]: Setting) => sql`set_config(${param(name)}, ${param(value)}, true)`

/** A setting is a text: the names in it are quoted as in a statement. */
function searchPath(schema: string, { settings }: Catalog): string {
  const path = [schema, ...settings.extraSearchPath]
  return toQuery(join(path.map(ident))).text
}

function cookiesOf(header: string): Record<string, string> {
  const pairs = header.split(';').flatMap((pair): [string, string][] => {
    const [name = '', ...value] = pair.trim().split('=')
    return name === '' ? [] : [[name, value.join('=')]]
  })
  return Object.fromEntries(pairs)
}

/** `select schema.name()`: looks at a request before it is run, and refuses it with an error. */
export function preRequest(name: string): Sql {
  const [first = '', second] = name.split('.').map((part) => part.replaceAll('"', ''))
  return second === undefined ? sql`select ${ident(first)}()` : sql`select ${ident(first)}.${ident(second)}()`
}
