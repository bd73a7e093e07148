import type { Argument, DatabaseFunction } from '../catalog/catalog.js'
import type { Query } from '../grammar/ast.js'
import type { Media } from '../request/media.js'
import type { Preferences } from '../request/preferences.js'
import { fromCatalog, ident, join, param, type Sql, sql } from '../sql/sql.js'
import { whereOf } from './condition.js'
import { bodyOf, envelope, type Statement } from './envelope.js'
import type { Source } from './field.js'
import { itemsOf, pageOf } from './select.js'

/** What a function is called with. */
export type CallInput =
  /** A JSON object with a member for each argument. */
  | { readonly kind: 'object'; readonly text: string; readonly keys: readonly string[] }
  /** The body itself, for a function with one unnamed argument. */
  | { readonly kind: 'body'; readonly text: string }
  /** Texts from a query string; more than one for a variadic argument. */
  | { readonly kind: 'texts'; readonly texts: Readonly<Record<string, readonly string[]>> }

export interface Call {
  readonly target: DatabaseFunction
  readonly input: CallInput
  readonly query: Query
  readonly preferences: Preferences
  readonly media: Media
  /** With GET and HEAD nothing may be written. */
  readonly isReadOnly: boolean
}

/** Calls a function, and treats the rows it gives as those of a table. */
export function compileCall({ target, input, query, preferences, media, isReadOnly }: Call): Statement {
  const source: Source = { name: ident(target.name) }
  const isScalar = target.returns !== 'composite'
  const from = sql` from ${source.name}${whereOf(source, query.where)}`
  const items = isScalar ? sql`${source.name}.pgrst_scalar` : itemsOf(source, query.select)
  return {
    isReadOnly: isReadOnly || !target.isVolatile,
    sql: envelope({
      before: sql`${source.name} as materialized (${calling(target, input, isScalar)})`,
      rows: sql`select ${items}${from}${pageOf(source, query)}`,
      body: isScalar ? scalarBody(target) : bodyOf(shapeOf(target, media)),
      total: preferences.count === undefined ? undefined : sql`(select count(*)${from})`,
    }),
  }
}

const shapeOf = ({ returnsSet }: DatabaseFunction, media: Media): Media =>
  returnsSet || media.shape === 'csv' ? media : { ...media, shape: 'object' }

const scalarBody = ({ returnsSet }: DatabaseFunction) =>
  returnsSet
    ? sql`coalesce(json_agg(_result.pgrst_scalar), '[]')::text`
    : sql`coalesce((json_agg(_result.pgrst_scalar) -> 0)::text, 'null')`

function calling(target: DatabaseFunction, input: CallInput, isScalar: boolean): Sql {
  const { given, values } = argumentsOf(target, input)
  const called = sql`${ident(target.schema)}.${ident(target.name)}(${values})`
  const alias = isScalar ? sql`_call(pgrst_scalar)` : sql`_call`
  return sql`select _call.* from ${given}${called} as ${alias}`
}

function argumentsOf({ args }: DatabaseFunction, input: CallInput): { given: Sql; values: Sql } {
  if (input.kind === 'body') {
    return { given: sql``, values: sql`${param(input.text)}::${fromCatalog(args[0]?.type ?? 'json')}` }
  }
  const isGiven = ({ name }: Argument) =>
    input.kind === 'object' ? input.keys.includes(name) : Object.hasOwn(input.texts, name)
  const used = args.filter(isGiven)
  if (used.length === 0) return { given: sql``, values: sql`` }
  if (input.kind === 'object') return fromObject(used, input.text)
  const texts = used.map((arg) => assign(arg, textOf(arg, input.texts[arg.name] ?? [])))
  return { given: sql``, values: join(texts) }
}

function fromObject(used: readonly Argument[], text: string): { given: Sql; values: Sql } {
  const definitions = join(used.map(({ name, type }) => sql`${ident(name)} ${fromCatalog(type)}`))
  return {
    given: sql`json_to_record(${param(text)}::json) as _args(${definitions}), lateral `,
    values: join(used.map((arg) => assign(arg, sql`_args.${ident(arg.name)}`))),
  }
}

const assign = ({ name, isVariadic }: Argument, value: Sql) =>
  isVariadic ? sql`variadic ${ident(name)} := ${value}` : sql`${ident(name)} := ${value}`

/** The last of several texts holds, but for a variadic argument, which takes all. */
function textOf({ type, isVariadic }: Argument, texts: readonly string[]): Sql {
  const isArray = isVariadic && !(texts.length === 1 && texts[0]?.startsWith('{') === true)
  return sql`${param(isArray ? texts : texts.at(-1))}::${fromCatalog(type)}`
}
