import { safeEncode, safeParse, type $ZodIssue, type $ZodObject, type output } from 'zod/v4/core'
import { ValidationError } from '../base/errors.js'
import type { Columns } from '../base/json.js'

/** What a type of entity is, by the app's declaration. A column `version`, where there is one, grows with each change. */
export interface EntityType<Z extends $ZodObject = $ZodObject> {
  /** The row's schema: server row → client row. */
  readonly row: Z
  /** The column of the id. Default: `id`. */
  readonly key?: string
  /** Columns that the server writes by itself: a difference in them is no conflict. Default: times and `version`. */
  readonly generated?: readonly string[]
}

/** The entity types of an app, by their code. */
export type EntityTypes = Readonly<Record<string, EntityType>>

/** The client's row of a type. */
export type EntityRow<E extends EntityType> = output<E['row']>

/** What names an entity among all of its app. */
export const entityId = (code: string, id: string): string => `${code}:${id}`

const ownedByServer = ['version', 'created_at', 'updated_at', 'created_ts', 'updated_ts']

export const generatedOf = ({ generated }: EntityType): readonly string[] => [
  ...ownedByServer,
  ...(generated ?? []),
]

/** The id of a row, as text. */
export const idOf = ({ key = 'id' }: EntityType, row: Columns): string => String(row[key])

/**
 * A server row as the client's. Columns that the declaration does not know are kept as they are.
 *
 * @throws ValidationError when it does not fit
 */
export function decodeEntity(code: string, type: EntityType, server: unknown): Columns {
  const { success, data, error } = safeParse(type.row, server)
  if (success) return { ...(server as Columns), ...(data as Columns) }
  throw invalid(code, server, error.issues)
}

/**
 * Some columns of a client row as the server's values.
 *
 * @throws ValidationError when one of them does not fit
 */
export function encodeColumns(code: string, type: EntityType, columns: Columns): Columns {
  const issues: $ZodIssue[] = []
  const encoded = Object.entries(columns).map(([name, value]) => {
    const schema = type.row._zod.def.shape[name]
    if (!schema) return [name, value] as const
    const result = safeEncode(schema, value)
    if (result.error)
      issues.push(...result.error.issues.map((issue) => ({ ...issue, path: [name, ...issue.path] })))
    return [name, result.data] as const
  })
  if (issues.length > 0) throw invalid(code, columns, issues)
  return Object.fromEntries(encoded)
}

const invalid = (code: string, row: unknown, issues: readonly $ZodIssue[]): ValidationError =>
  new ValidationError(issues, { table: code, key: (row as Columns | undefined)?.id })
