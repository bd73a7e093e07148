import type { Argument, DatabaseFunction } from '../catalog/catalog.js'
import type { CallInput } from '../request/callInput.js'
import type { ReadNode } from '../resolve/node.js'
import { tableName } from '../sql/source.js'
import { arrayText } from '../sql/arrayText.js'
import { empty, fromCatalog, ident, join, param, type Sql, sql } from '../sql/sql.js'
import { bodyOf } from './body.js'
import { isUnnamed } from './chooseFunction.js'
import { compileAll } from './count.js'
import { envelope, sourceRows, type Statement } from './envelope.js'
import { countsExactly, type Reading } from './read.js'
import { returningOf } from './returning.js'
import { compileNode } from './select.js'

export interface Call extends Reading {
  readonly target: DatabaseFunction
  readonly input: CallInput
  /** The answer, read from the rows the function gives. */
  readonly node: ReadNode
  /** With GET and HEAD nothing may be written. */
  readonly mayWrite: boolean
}

/** Calls a function, and treats the rows it gives as those of a table. */
export function compileCall(call: Call): Statement {
  const { target, node, preferences, media, isHead, mayWrite } = call
  return {
    isReadOnly: !mayWrite || !target.isVolatile,
    sql: envelope({
      before: sql`${sourceRows} as (${calling(call)})`,
      rows: compileNode(node),
      body: isHead && !media.plan ? sql`''` : bodyOf(media, target),
      count: target.returnsSet ? undefined : sql`1`,
      total: countsExactly(preferences.count)
        ? sql`(select count(*) from (${compileAll(node)}) as _all)`
        : undefined,
    }),
  }
}

function calling({ target, input, node }: Call): Sql {
  const { given, values } = argumentsOf(target, input)
  const called = sql`${tableName(target)}(${values})`
  if (target.returns === 'composite') {
    return sql`select ${returningOf(sql`_call`, node)} from ${given}${called} as _call`
  }
  return sql`select _call.pgrst_scalar from ${given}lateral (select ${called} as pgrst_scalar) as _call`
}

/** Where the arguments come from, and what stands between the parentheses. */
interface Given {
  readonly given: Sql
  readonly values: Sql
}

function argumentsOf(target: DatabaseFunction, input: CallInput): Given {
  // Nothing has no name, so one unnamed argument is given all there is.
  if (isUnnamed(target)) return { given: empty, values: bodyAs(target, input) }
  if (input.kind === 'body') return { given: empty, values: empty }
  const isGiven = ({ name }: Argument) =>
    input.kind === 'object' ? input.keys.includes(name) : Object.hasOwn(input.texts, name)
  const used = target.args.filter(isGiven)
  if (used.length === 0) return { given: empty, values: empty }
  if (input.kind === 'object') return fromObject(used, input.rows)
  const texts = used.map((arg) => assign(arg, textOf(arg, input.texts[arg.name] ?? [])))
  return { given: empty, values: join(texts) }
}

function bodyAs({ args }: DatabaseFunction, input: CallInput): Sql {
  return sql`${param(wholeOf(input))}::${fromCatalog(args[0]?.type ?? 'json')}`
}

function wholeOf(input: CallInput): string | Buffer {
  if (input.kind === 'body') return input.value
  if (input.kind === 'object') return input.text ?? input.rows
  return JSON.stringify(
    Object.fromEntries(Object.entries(input.texts).map(([name, texts]) => [name, texts.at(-1)])),
  )
}

function fromObject(used: readonly Argument[], rows: string): Given {
  const definitions = join(used.map(({ name, type }) => sql`${ident(name)} ${fromCatalog(type)}`))
  const first = sql`select * from json_to_recordset(${param(rows)}::json) as _(${definitions}) limit 1`
  return {
    given: sql`(${first}) as _args, `,
    values: join(used.map((arg) => assign(arg, sql`_args.${ident(arg.name)}`))),
  }
}

const assign = ({ name, isVariadic }: Argument, value: Sql) =>
  isVariadic ? sql`variadic ${ident(name)} := ${value}` : sql`${ident(name)} := ${value}`

/** The last of several texts holds, but for a variadic argument, which takes all. */
function textOf({ type, isVariadic }: Argument, texts: readonly string[]): Sql {
  const text = isVariadic ? arrayText(texts) : (texts.at(-1) ?? null)
  return sql`${param(text)}::${fromCatalog(type)}`
}
