import type { Change, Row } from './changeLog.js'
import { pick } from './matching.js'
import type { TableFacts } from './metadata.js'

/** The `data` of a `postgres_changes` event. */
export interface ChangeData {
  readonly type: Change['op']
  readonly schema: string
  readonly table: string
  readonly commit_timestamp: string
  readonly columns: readonly { readonly name: string; readonly type: string }[]
  readonly record?: Row
  readonly old_record?: Row
  readonly errors: readonly string[] | null
}

/** A larger row is told of without its large values: characters of its JSON, and of one value. */
const [largestRow, largestValue] = [1_048_576, 64]

/**
 * What is told of a change: the columns that a role may select, reduced to those that were chosen and the key.
 * @param chosen undefined: all columns
 */
export function toChangeData(
  table: TableFacts,
  change: Change,
  selectable: ReadonlySet<string>,
  chosen: readonly string[] | undefined,
): ChangeData {
  const refusal = refusalOf(table, change, selectable)
  if (refusal !== undefined) return { ...headOf(change), columns: [], errors: [refusal] }
  const told = table.columns.filter(({ name }) => {
    const wanted = chosen === undefined || chosen.includes(name) || table.key.includes(name)
    return wanted && selectable.has(name)
  })
  const names = told.map(({ name }) => name)
  const large = change.size > largestRow
  return {
    ...headOf(change),
    columns: told.map(({ name, type }) => ({ name, type })),
    ...(change.record && { record: fit(pick(change.record, names), large) }),
    ...(change.old && { old_record: pick(change.old, oldNames(table, change, names)) }),
    errors: large ? ['Error 413: Payload Too Large'] : null,
  }
}

/** Why nothing of a changed row may be told; its deletion may be told even so. */
export function refusalOf(
  table: TableFacts,
  { op }: Change,
  selectable: ReadonlySet<string>,
): string | undefined {
  if (op === 'DELETE') return undefined
  if (table.key.length === 0) return 'Error 400: Bad Request, no primary key'
  return table.key.every((name) => selectable.has(name)) ? undefined : 'Error 401: Unauthorized'
}

/** What filters see: the new row, or of a deleted one the key, and all of it with REPLICA IDENTITY FULL. */
export function imageOf(table: TableFacts, { record, old = {} }: Change): Row {
  return record ?? (table.full ? old : pick(old, table.key))
}

/** Old values are told with REPLICA IDENTITY FULL; of a deleted row that policies guarded, the key alone. */
function oldNames(table: TableFacts, { op }: Change, names: readonly string[]): string[] {
  const keyOnly = !table.full || (op === 'DELETE' && table.rls)
  return names.filter((name) => !keyOnly || table.key.includes(name))
}

const headOf = ({ op, schema, table, at }: Change) => ({
  type: op,
  schema,
  table,
  commit_timestamp: at.toISOString(),
})

const fit = (row: Row, large: boolean): Row =>
  large
    ? Object.fromEntries(
        Object.entries(row).filter(([, value]) => JSON.stringify(value).length <= largestValue),
      )
    : row
