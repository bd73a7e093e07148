import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { DatabaseFunction, Table } from '../catalog/catalog.js'
import type { Condition, Field, Query, SelectItem } from '../grammar/ast.js'
import { parseQuery } from '../grammar/query.js'
import { negotiate } from '../request/media.js'
import { parsePayload } from '../request/payload.js'
import { ident, param, sql, toQuery } from '../sql/sql.js'
import { compileCall } from './call.js'
import { compileDelete, compileUpdate } from './change.js'
import type { Statement } from './envelope.js'
import { compileInsert } from './insert.js'
import { compileRead } from './read.js'

const media = negotiate()

const tableNamed = (name: string): Table => ({
  schema: 'public',
  name,
  columns: [{ name: `${name}_id`, type: 'integer', default: null }],
  primaryKey: [`${name}_id`],
})

/** A statement as the server sees it, with each name and each parameter replaced by a sign. */
function shape(statement: Statement): string {
  return toQuery(statement.sql)
    .text.replace(/"(?:[^"]|"")*"/g, 'NAME')
    .replace(/\$\d+/g, 'VALUE')
}

/** A question of any form, in which every text comes from `text`. */
const questions = (text: fc.Arbitrary<string>): fc.Arbitrary<Query> => {
  const field: fc.Arbitrary<Field> = fc.record({
    column: text,
    path: fc.array(fc.record({ arrow: fc.constantFrom('->', '->>'), key: fc.oneof(text, fc.integer()) }), {
      maxLength: 2,
    }),
  })
  const comparison = fc.record({
    kind: fc.constant('comparison' as const),
    field,
    negated: fc.boolean(),
    operator: fc.constantFrom('eq', 'like', 'cs', 'fts', 'match', 'isdistinct'),
    language: text,
    value: text,
  })
  const { condition } = fc.letrec<{ condition: Condition }>((tie) => ({
    condition: fc.oneof(
      { maxDepth: 3 },
      comparison,
      fc.record({
        kind: fc.constantFrom('and' as const, 'or' as const),
        negated: fc.boolean(),
        of: fc.array(tie('condition'), { minLength: 1, maxLength: 3 }),
      }),
    ),
  }))
  const item: fc.Arbitrary<SelectItem> = fc.record({
    kind: fc.constant('column' as const),
    field,
    alias: text,
    cast: text.map((type) => `t${type}.`),
  })
  return fc.record({
    select: fc.array(item, { minLength: 1, maxLength: 3 }),
    where: fc.array(condition, { minLength: 1, maxLength: 3 }),
    order: fc.array(fc.record({ field, direction: fc.constantFrom('asc' as const, 'desc' as const) }), {
      maxLength: 2,
    }),
    offset: fc.nat(),
    args: fc.constant({}),
  })
}

const hostile = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom('"; drop table x; --', "' or 1=1 --", '$1', '$$', '"', '""', "'", '\\', '\0"', '/*', 'a"b'),
)

/** Letters and digits alone; different texts stay different. */
const harmless = (text: string) => `x${Buffer.from(text).toString('hex')}`

/** The same form with harmless texts gives the same statement. */
function twins(build: (query: Query, text: (value: string) => string) => Statement): void {
  fc.assert(
    fc.property(questions(hostile), (query) => {
      const twin = JSON.parse(JSON.stringify(query), (key, value: unknown) =>
        typeof value === 'string' && !fixed.has(key) ? harmless(value) : value,
      ) as Query
      expect(shape(build(query, (value) => value))).toBe(shape(build(twin, harmless)))
    }),
    { numRuns: 300 },
  )
}

/** Members that are words of the syntax tree itself. */
const fixed = new Set(['kind', 'operator', 'direction', 'arrow'])

describe('the compiler', () => {
  it('lets nothing that a caller sends reach SQL outside of a parameter or a quoted name', () => {
    const hostileName = 'a"; drop table b; --'
    twins((query, text) => compileRead(tableNamed(text(hostileName)), query, { count: 'exact' }, media))
    const write = (query: Query, name: string) => ({
      table: tableNamed(name),
      query,
      preferences: { return: 'representation' as const },
      media,
    })
    twins((query, text) => compileDelete(write(query, text(hostileName))))
    twins((query, text) => {
      const name = text(hostileName)
      return compileUpdate(
        write(query, name),
        parsePayload(Buffer.from(JSON.stringify({ [`${name}_id`]: name }))),
      )
    })
    twins((query, text) => {
      const name = text(hostileName)
      const upsert = {
        ...write({ ...query, onConflict: [name] }, name),
        preferences: { resolution: 'merge-duplicates' as const },
      }
      return compileInsert(upsert, parsePayload(Buffer.from(JSON.stringify({ [`${name}_id`]: name }))))
    })
    twins((query, text) => {
      const name = text(hostileName)
      const target: DatabaseFunction = {
        schema: 'public',
        name,
        args: [{ name, type: 'text', hasDefault: false, isVariadic: false }],
        returnsSet: true,
        returns: 'composite',
        isVolatile: true,
      }
      const input = { kind: 'texts' as const, texts: { [name]: [name] } }
      return compileCall({ target, input, query, preferences: {}, media, isReadOnly: false })
    })
  })

  it('keeps names with quotes and zero bytes one name', () => {
    expect(toQuery(ident('a"b')).text).toBe('"a""b"')
    expect(toQuery(ident('a\0"b')).text).toBe('"a""b"')
  })

  it('numbers parameters in the order in which they stand', () => {
    const inner = sql`b = ${param('two')}`
    expect(toQuery(sql`a = ${param('one')} and ${inner} or c = ${param('three')}`)).toEqual({
      text: 'a = $1 and b = $2 or c = $3',
      values: ['one', 'two', 'three'],
    })
  })

  it('writes words of the grammar for types as the types they mean, and quotes all others', () => {
    const query = parseQuery(new URLSearchParams('select=a::int,b::double precision,c::text[],d::evil type'))
    const { text } = toQuery(compileRead(tableNamed('t'), query, {}, media).sql)
    for (const cast of ['as "int4")', 'as "float8")', 'as "text"[])', 'as "evil type")'])
      expect(text).toContain(cast)
  })

  it('never asks for more than 1,000 rows', () => {
    const limits = (question: string) =>
      toQuery(compileRead(tableNamed('t'), parseQuery(new URLSearchParams(question)), {}, media).sql).values
    expect(limits('limit=5000&offset=3')).toEqual([1000, 3])
    expect(limits('')).toEqual([1000, 0])
    expect(limits('limit=7')).toEqual([7, 0])
  })
})
