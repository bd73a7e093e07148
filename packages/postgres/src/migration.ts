import type { AnyTable, Tables } from '@tidemark/core'
import { kitSql, kitVersion } from './kit.js'
import { literal, names, relation } from './quote.js'

/** What a database, or earlier migrations, have already. */
export interface Installed {
  /** The version of the kit, or `undefined` where there is none. */
  readonly kit: string | undefined
  /** The statement that installed each table, by the table as SQL names it (`public.notes`). */
  readonly tables: ReadonlyMap<string, string>
}

/** Nothing is there yet. */
export const nothing: Installed = { kit: undefined, tables: new Map() }

/** How a table is installed. */
export interface Installation {
  /** As SQL names it: `public.notes`. */
  readonly relation: string
  readonly key: readonly string[]
  readonly owner: string | undefined
  readonly scopes: readonly InstalledScope[]
}

/** A member table's `column` holds what `on` of the table holds; events are told to the member row's `owner`. */
export interface InstalledScope {
  readonly table: string
  readonly column: string
  readonly on?: string | undefined
  readonly owner?: string | undefined
}

/**
 * The migration that brings exact mode to the declared tables. It may be run again, and is undone by `downMigration`.
 *
 * @param tables the declarations of the app
 * @param installed what is there already and is left out
 * @returns SQL, empty when nothing is new
 */
export function migrationFor(tables: Tables, installed: Installed = nothing): string {
  const kit = kitSql()
  const version = kitVersion(kit)
  const statements = Object.values(tables).flatMap((table) => {
    const statement = installStatement(installationOf(table, tables))
    return installed.tables.get(relation(table.name)) === statement ? [] : [statement]
  })
  return [...(installed.kit === version ? [] : [kit, markOf(version)]), ...statements]
    .map((part) => `${part.trimEnd()}\n`)
    .join('')
}

/** The statement that tells which version of the kit is there. */
export const markOf = (version: string): string => `comment on schema tidemark is 'Tidemark kit ${version}';`

/** How a declared table is installed. An event of a scope is told to the owner of the member row, where its table has one. */
export const installationOf = (table: AnyTable, tables: Tables): Installation => ({
  relation: relation(table.name),
  key: table.key,
  owner: table.owner,
  scopes: table.scopes.map(({ table: name, column, on }) => {
    const owner = Object.values(tables).find((other) => other.name === name)?.owner
    return { table: relation(name), column, on, owner }
  }),
})

/** The statement that installs one table. */
export function installStatement({ relation, key, owner, scopes }: Installation): string {
  const ordered = scopes.map(({ table, column, on, owner }) => ({ table, column, on, owner }))
  const given = [
    literal(relation),
    `key => ${names(key)}`,
    ...(owner === undefined ? [] : [`owner => ${literal(owner)}`]),
    ...(scopes.length === 0 ? [] : [`scopes => ${literal(JSON.stringify(ordered))}`]),
  ]
  return `select tidemark.install(${given.join(', ')});`
}

/** Takes everything away that any migration of the kit has made. No row is lost. */
export const downMigration = (): string => `do $$ begin
  if to_regnamespace('tidemark') is not null then
    perform tidemark.uninstall(name) from tidemark.tables;
  end if;
end $$;
drop function if exists public.tidemark_pull(jsonb), public.tidemark_push(uuid, jsonb), public.tidemark_digest(jsonb);
${dropSchema}
`

/** The last statement of the way back. */
export const dropSchema = 'drop schema if exists tidemark cascade;'
