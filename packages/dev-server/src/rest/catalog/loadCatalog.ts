import type { ClientBase, Pool } from 'pg'
import type { Catalog, SchemaCatalog } from './catalog.js'
import { loadComputed } from './computed.js'
import { loadForeignKeys } from './foreignKeys.js'
import { loadFunctions } from './functions.js'
import { loadHandlers } from './handlers.js'
import { relate } from './relate.js'
import { keyOf, type Relationship, sameTable } from './relationship.js'
import { loadSettings, type RestSettings } from './settings.js'
import { loadTables, type NumberedTable } from './tables.js'
import { loadViewColumns, type ViewColumns } from './views.js'

/** Reads what the exposed schemas have, as it is at one moment. */
export async function loadCatalog(pool: Pool, base: RestSettings): Promise<Catalog> {
  const client = await pool.connect()
  try {
    // Without a search path PostgreSQL writes all names in full.
    await client.query("begin isolation level repeatable read read only; set local search_path to ''")
    const catalog = await read(client, await loadSettings(client, base))
    await client.query('commit')
    client.release()
    return catalog
  } catch (error) {
    client.release(true)
    throw error
  }
}

async function read(client: ClientBase, settings: RestSettings): Promise<Catalog> {
  const views = await loadViewColumns(client)
  const tables = withViewKeys(await loadTables(client, settings.schemas), views)
  const keys = new Map(tables.map((table) => [keyOf(table), table.primaryKey]))
  const relationships = relate({
    foreignKeys: await loadForeignKeys(client),
    views,
    computed: await loadComputed(client),
    primaryKey: (table) => keys.get(keyOf(table)) ?? [],
  })
  const functions = await loadFunctions(client, settings.schemas)
  const descriptions = await describeSchemas(client)
  const schemas = settings.schemas.map((name): SchemaCatalog => {
    const own = tables.filter(({ schema }) => schema === name)
    return {
      name,
      description: descriptions.get(name) ?? null,
      tables: new Map(own.map((table) => [table.name, table])),
      functions: groupBy(
        functions.filter(({ schema }) => schema === name),
        (one) => one.name,
      ),
      relationships: new Map(
        own.flatMap((table) => {
          const known = relationships.get(keyOf(table))
          return known ? [[table.name, reachable(known, own, settings)] as const] : []
        }),
      ),
    }
  })
  return {
    settings,
    schemas: new Map(schemas.map((schema) => [schema.name, schema])),
    handlers: await loadHandlers(client, settings.schemas),
  }
}

/** A view has the primary key of the table whose key it shows. */
function withViewKeys(tables: readonly NumberedTable[], views: readonly ViewColumns[]): NumberedTable[] {
  const byNumber = new Map(tables.map((table) => [table.oid, table]))
  return tables.map((table) => {
    const view = views.find(({ view: { schema, name } }) => schema === table.schema && name === table.name)
    return view ? { ...table, primaryKey: keyOfView(view, byNumber) } : table
  })
}

function keyOfView({ shown }: ViewColumns, tables: ReadonlyMap<number, NumberedTable>): string[] {
  return [...shown].flatMap(([oid, columns]) => {
    const key = tables.get(oid)?.primaryKey ?? []
    const names = key.flatMap((column) => columns.get(column)?.slice(0, 1) ?? [])
    return names.length === key.length ? names : []
  })
}

/** Only what lies in the same schema can be embedded, through a junction that is exposed. */
function reachable(
  relationships: readonly Relationship[],
  tables: readonly NumberedTable[],
  { schemas }: RestSettings,
): Relationship[] {
  return relationships.filter(
    (one) =>
      tables.some((table) => sameTable(table, one.foreign)) &&
      (one.kind !== 'many-to-many' || schemas.includes(one.junction.schema)),
  )
}

function groupBy<Item>(items: readonly Item[], keyOfItem: (item: Item) => string): Map<string, Item[]> {
  const groups = new Map<string, Item[]>()
  for (const item of items) groups.set(keyOfItem(item), [...(groups.get(keyOfItem(item)) ?? []), item])
  return groups
}

async function describeSchemas(client: ClientBase): Promise<Map<string, string | null>> {
  const { rows } = await client.query<{ name: string; description: string | null }>(
    "select nspname as name, obj_description(oid, 'pg_namespace') as description from pg_namespace",
  )
  return new Map(rows.map(({ name, description }) => [name, description]))
}
