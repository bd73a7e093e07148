import { describe, expect, it } from 'vitest'
import { column, table } from '../../../test/catalog.js'
import { defaultSettings } from '../catalog/settings.js'
import { parseQuery } from '../grammar/query.js'
import { negotiate } from '../request/media.js'
import { resolveTree } from '../resolve/tree.js'
import { tableSource } from '../sql/source.js'
import { ident, param, sql, toQuery } from '../sql/sql.js'
import { compileRead } from './read.js'

const t = table('t', [column('id'), column('data', 'jsonb')], ['id'])

const schema = {
  name: 'public',
  description: null,
  tables: new Map([['t', t]]),
  functions: new Map(),
  relationships: new Map(),
}

const settings = { ...defaultSettings, allowsAggregates: true }

function read(question: string) {
  const query = parseQuery(new URLSearchParams(question))
  const node = resolveTree({ schema, settings, isWrite: false }, query, tableSource(t), 't')
  const reading = { preferences: {}, media: negotiate(), settings, isHead: false }
  return toQuery(compileRead(node, reading).sql)
}

describe('the compiler', () => {
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

  it('writes words of the grammar for types as they are, and quotes all others', () => {
    const { text } = read('select=a::INT,b::double  precision,c::citext,d::evil type')
    for (const cast of ['as int)', 'as double precision)', 'as "citext")', 'as "evil type")'])
      expect(text).toContain(cast)
  })

  it('makes JSON of a column only when it is none yet, so that indexes on it serve', () => {
    expect(read('select=data->a').text).toContain('("public"."t"."data" -> $1::text)')
    expect(read('select=id->a').text).toContain('(to_jsonb("public"."t"."id") -> $1::text)')
  })

  it('groups by the place of each column that is not aggregated', () => {
    expect(read('select=data->a,count(),id').text).toContain('group by 1, 3')
    expect(read('select=*,id.max()').text).toContain('group by 1, 2')
    expect(read('select=id.max()').text).not.toContain('group by')
  })

  it('never asks for more than 1,000 rows', () => {
    expect(read('limit=5000&offset=3').values).toEqual(['1000', '3'])
    expect(read('').values).toEqual(['1000', '0'])
    expect(read('limit=7').values).toEqual(['7', '0'])
  })
})
