import type { AnyTable, Tables } from '@tidemark/core'
import { kitSql, kitVersion } from './kit.js'
import { literal, names, relation } from './quote.js'

/** What a database, or earlier migrations, have already. */
export interface Installed {
  /** Versions of the kit, the last one last. */
  readonly kit?: string | undefined
  /** The last statement that installed each table, by the table's name. */
  readonly tables: ReadonlyMap<string, string>
}

const nothing: Installed = { tables: new Map() }

/**
 * The migration that brings exact mode to the declared tables. It may be run again, and is undone by `downMigration`.
 *
 * @param tables the declarations of the app
 * @param installed what is there already and is left out; an empty answer means that nothing is new
 */
export function migrationFor(tables: Tables, installed: Installed = nothing): string {
  const sql = kitSql()
  const version = kitVersion(sql)
  const statements = Object.values(tables)
    .filter((table) => installed.tables.get(table.name) !== installOf(table, tables))
    .map((table) => installOf(table, tables))
  return [...(installed.kit === version ? [] : [`${kitMark}${version}\n`, sql]), ...statements]
    .map((part) => `${part.trimEnd()}\n`)
    .join('')
}

/** The line that tells which version of the kit follows. */
export const kitMark = '-- tidemark kit '

/** The statement that installs one table. */
export function installOf(table: AnyTable, tables: Tables): string {
  const given = [
    literal(relation(table.name)),
    `key => ${names(table.key)}`,
    ...(table.owner === undefined ? [] : [`owner => ${literal(table.owner)}`]),
    ...(table.scopes.length === 0 ? [] : [`scopes => ${literal(JSON.stringify(scopesOf(table, tables)))}`]),
  ]
  return `select tidemark.install(${given.join(', ')});`
}

/** An event of a scope is told to the owner of the member row, where its table has one. */
const scopesOf = (table: AnyTable, tables: Tables) =>
  table.scopes.map(({ table: name, column, on }) => {
    const owner = Object.values(tables).find((other) => other.name === name)?.owner
    return {
      table: relation(name),
      column,
      ...(on !== undefined && { on }),
      ...(owner !== undefined && { owner }),
    }
  })

/** Takes everything away that any migration of the kit has made. No row is lost. */
export const downMigration = (): string => `do $$ begin
  if to_regnamespace('tidemark') is not null then
    perform tidemark.uninstall(name) from tidemark.tables;
  end if;
end $$;
drop function if exists public.tidemark_pull(jsonb), public.tidemark_push(uuid, jsonb), public.tidemark_digest(jsonb);
drop schema if exists tidemark cascade;
`
