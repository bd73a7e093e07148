import type { ClientBase } from 'pg'
import { type Origin, originsIn } from './ruleText.js'

/** The columns under which a view shows a column of a table. */
export interface ViewColumns {
  readonly view: { readonly schema: string; readonly name: string }
  /** By table and column: the names it has in the view. */
  readonly shown: ReadonlyMap<number, ReadonlyMap<string, readonly string[]>>
}

interface View {
  readonly oid: number
  readonly schema: string
  readonly name: string
  readonly definition: string
  readonly columns: readonly string[]
}

/** Finds out which columns of which tables the views of all schemas show, through other views too. */
export async function loadViewColumns(client: ClientBase): Promise<ViewColumns[]> {
  const { rows } = await client.query<View>(viewsQuery)
  if (rows.length === 0) return []
  const views = new Map(rows.map((view) => [view.oid, { view, origins: originsIn(view.definition) }]))
  const traced = rows.map((view) => ({ view, traces: traceAll(views, view.oid) }))
  const names = await columnNames(client, [
    ...new Set(traced.flatMap(({ traces }) => traces.map((one) => one.table))),
  ])
  return traced.map(({ view, traces }) => ({ view, shown: group(traces, view, names) }))
}

type Views = ReadonlyMap<number, { readonly view: View; readonly origins: readonly Origin[] }>

/** Follows each column through views down to a table; a view that shows itself ends nowhere. */
function traceAll(views: Views, oid: number): Origin[] {
  return (views.get(oid)?.origins ?? []).flatMap(({ place, table, column }) => {
    const found = trace(views, table, column, new Set([oid]))
    return found ? [{ ...found, place }] : []
  })
}

function trace(
  views: Views,
  table: number,
  column: number,
  seen: ReadonlySet<number>,
): { table: number; column: number } | undefined {
  const inner = views.get(table)
  if (!inner) return { table, column }
  const next = inner.origins.find(({ place }) => place === column)
  if (!next || seen.has(table)) return undefined
  return trace(views, next.table, next.column, new Set([...seen, table]))
}

type ColumnNames = ReadonlyMap<number, ReadonlyMap<number, string>>

function group(traces: readonly Origin[], { columns }: View, names: ColumnNames): ViewColumns['shown'] {
  const shown = new Map<number, Map<string, string[]>>()
  for (const { place, table, column } of traces) {
    const original = names.get(table)?.get(column)
    const own = columns[place - 1]
    if (original === undefined || own === undefined) continue
    const ofTable = shown.get(table) ?? new Map<string, string[]>()
    ofTable.set(original, [...(ofTable.get(original) ?? []), own])
    shown.set(table, ofTable)
  }
  return shown
}

async function columnNames(client: ClientBase, tables: readonly number[]): Promise<ColumnNames> {
  const { rows } = await client.query<{ oid: number; names: [number, string][] }>(namesQuery, [tables])
  return new Map(rows.map(({ oid, names }) => [oid, new Map(names)]))
}

const namesQuery = `
select attrelid::int8::float8 as oid, json_agg(json_build_array(attnum, attname)) as names
from pg_attribute where attrelid::int8 = any($1::int8[]) and attnum > 0
group by attrelid`

const viewsQuery = `
select c.oid::int8::float8 as oid, n.nspname as schema, c.relname as name, r.ev_action::text as definition,
  array(
    select a.attname::text from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 order by a.attnum
  ) as columns
from pg_class c
join pg_namespace n on n.oid = c.relnamespace
join pg_rewrite r on r.ev_class = c.oid and r.rulename = '_RETURN'
where c.relkind in ('v', 'm') and n.nspname not in ('pg_catalog', 'information_schema')`
