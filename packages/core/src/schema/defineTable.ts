import type { $ZodObject, output } from 'zod/v4/core'
import { TidemarkError } from '../base/errors.js'
import type { Columns } from '../base/json.js'
import { indexColumns } from './indexes.js'
import type { Conflict, Guards, InsertOf, KeyOf, Scope, Table, WindowOptions } from './table.js'

type ColumnOf<S extends $ZodObject> = keyof output<S> & string
type KeyColumn<K> = K extends string ? K : never

/** What an app says of a table. */
export interface TableConfig<
  Name extends string,
  S extends $ZodObject,
  K,
  O extends string,
  G extends string,
> {
  /** The table's name in Postgres (schema `public`). */
  readonly name: Name
  /** A zod object: types, validation and, through codecs, the mapping from server values to client values. */
  readonly row: S
  /** The column of the primary key, or several. */
  readonly key: K
  /** The column that holds the signed-in user's id. Left out: the row level policies alone decide. */
  readonly owner?: O
  /** Columns, or `'[a+b]'`, to look rows up by. */
  readonly indexes?: readonly string[]
  /** Columns that Postgres computes. They are never sent. */
  readonly generated?: readonly G[]
  /** Computes what stands in for generated columns until the server answers. */
  readonly derive?: (row: output<S>) => Partial<output<S>>
  /** Each may answer a sentence, which refuses the write before anything is stored. */
  readonly guards?: Guards<output<S>>
  /** Keep only this sliding range on the device; other ranges are pulled once when they are asked for. */
  readonly window?: WindowOptions<ColumnOf<S>>
  /** Tables whose rows give or take access to rows of this one; when one of them changes, the rows it names are asked for. */
  readonly scopes?: readonly Scope[]
  /** What becomes of an update whose row was changed by somebody else meanwhile. Default: `merge`. */
  readonly conflict?: Conflict<output<S>>
}

/**
 * Declares a table. Rows, inserts and keys are inferred from it everywhere.
 *
 * @throws TidemarkError `schema-invalid` when a named column is not in `row`.
 * @example
 * const calendars = defineTable({ name: 'user_calendars', key: 'id', owner: 'user_id', row: z.object({ … }) })
 */
export function defineTable<
  const Name extends string,
  S extends $ZodObject,
  const K extends ColumnOf<S> | readonly ColumnOf<S>[],
  const O extends ColumnOf<S> = never,
  const G extends ColumnOf<S> = never,
>(
  config: TableConfig<Name, S, K, O, G>,
): Table<Name, output<S>, InsertOf<S, KeyColumn<K> | O | G>, KeyOf<output<S>, K>> {
  const key: readonly string[] = typeof config.key === 'string' ? [config.key] : config.key
  const table: Table = {
    name: config.name,
    row: config.row,
    key,
    owner: config.owner,
    indexes: withWindowIndex(config.indexes ?? [], config.window),
    generated: config.generated ?? [],
    derive: config.derive as ((row: Columns) => Columns) | undefined,
    guards: (config.guards ?? {}) as Guards<Columns>,
    window: config.window,
    scopes: config.scopes ?? [],
    conflict: (config.conflict ?? 'merge') as Conflict,
  }
  checkColumns(table)
  return table as Table<Name, output<S>, InsertOf<S, KeyColumn<K> | O | G>, KeyOf<output<S>, K>>
}

const withWindowIndex = (indexes: readonly string[], window: WindowOptions | undefined): readonly string[] =>
  window && !indexes.includes(window.on) ? [...indexes, window.on] : indexes

function checkColumns(table: Table): void {
  if (table.key.length === 0) throw invalid(table, 'it has no key')
  const named = [
    ...table.key,
    ...table.generated,
    ...table.indexes.flatMap(indexColumns),
    ...(table.owner === undefined ? [] : [table.owner]),
  ]
  const missing = named.find((column) => !(column in table.row._zod.def.shape))
  if (missing !== undefined) throw invalid(table, `column '${missing}' is named but not in 'row'`)
}

const invalid = (table: Table, what: string) =>
  new TidemarkError('schema-invalid', `Table '${table.name}': ${what}.`, { table: table.name })
