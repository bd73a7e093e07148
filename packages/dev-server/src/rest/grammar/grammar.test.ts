import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ParseError } from './parseError.js'
import { parseQuery } from './query.js'

const parse = (text: string) => parseQuery(new URLSearchParams(text))
const where = (text: string) => parse(text).where[0]
const field = (column: string) => ({ column, path: [] })

describe('the grammar', () => {
  it('reads columns with other names, casts and paths into JSON', () => {
    expect(parse('select=id,name:title,rank::text,data->a->>0,"odd, name",*').select).toEqual([
      { kind: 'column', field: field('id') },
      { kind: 'column', field: field('title'), alias: 'name' },
      { kind: 'column', field: field('rank'), cast: 'text' },
      {
        kind: 'column',
        field: {
          column: 'data',
          path: [
            { arrow: '->', key: 'a' },
            { arrow: '->>', key: 0 },
          ],
        },
      },
      { kind: 'column', field: field('odd, name') },
      { kind: 'all' },
    ])
    expect(parse('select=').select).toEqual([{ kind: 'all' }])
  })

  it('reads embedded resources, so that they can be told apart from columns', () => {
    expect(parse('select=id,owner:users!fk!inner(name,teams(*)),...place(city)').select).toMatchObject([
      { kind: 'column' },
      {
        kind: 'embed',
        relation: 'users',
        alias: 'owner',
        hint: 'fk',
        isInner: true,
        items: [{}, { relation: 'teams' }],
      },
      { kind: 'embed', relation: 'place', spread: true },
    ])
    expect(parse('select=clients!left(),count').select).toMatchObject([
      { kind: 'embed', relation: 'clients', isInner: false, items: [] },
      { kind: 'column', field: field('count') },
    ])
  })

  it('reads aggregates with types before and after', () => {
    expect(parse('select=count(),all:rank::text.max()::int,data->n.sum()').select).toEqual([
      { kind: 'column', field: field('*'), aggregate: 'count' },
      {
        kind: 'column',
        field: field('rank'),
        alias: 'all',
        cast: 'text',
        aggregate: 'max',
        aggregateCast: 'int',
      },
      {
        kind: 'column',
        field: { column: 'data', path: [{ arrow: '->', key: 'n' }] },
        aggregate: 'sum',
      },
    ])
  })

  it('sorts filters, orders and limits by the resource they are about', () => {
    const {
      where: own,
      order,
      embeds,
    } = parse(
      'id=eq.1&users.name=eq.x&users.teams.or=(a.eq.1,b.eq.2)&users.not.and=(c.is.null)&users.order=name&users.limit=3&users.offset=1&order=users(name).desc',
    )
    expect(own).toHaveLength(1)
    expect(order).toEqual([{ relation: 'users', field: field('name'), direction: 'desc' }])
    expect(embeds).toMatchObject([
      {
        path: ['users'],
        where: [{ value: 'x' }, { kind: 'and', negated: true }],
        order: [{ field: field('name') }],
        limit: 3,
        offset: 1,
      },
      { path: ['users', 'teams'], where: [{ kind: 'or' }] },
    ])
  })

  it('reads operators with not, any, all and a language', () => {
    expect(where('a=not.eq.5')).toMatchObject({ negated: true, operator: 'eq', value: '5' })
    expect(where('a=gte.x.y.z')).toMatchObject({ operator: 'gte', value: 'x.y.z' })
    expect(where('a=like(any).{x*,y*}')).toMatchObject({
      operator: 'like',
      quantifier: 'any',
      value: '{x*,y*}',
    })
    expect(where('a=fts(english).cat')).toMatchObject({ operator: 'fts', language: 'english', value: 'cat' })
    expect(where('a=in.(1,"b,(c)","d\\"e",)')).toMatchObject({ value: ['1', 'b,(c)', 'd"e', ''] })
    expect(where('a=in.()')).toMatchObject({ value: [] })
    expect(where('data->b->>c=eq.1')).toMatchObject({
      field: { column: 'data', path: [{ key: 'b' }, { key: 'c' }] },
    })
  })

  it('reads nested conditions, whose values end at a comma unless they are quoted or in braces', () => {
    expect(where('or=(a.eq.1,not.and(b.cs.{x,"y}"},c.in.(1,2)),d.not.eq."p,q")')).toMatchObject({
      kind: 'or',
      of: [
        { value: '1' },
        { kind: 'and', negated: true, of: [{ value: '{x,"y}"}' }, { value: ['1', '2'] }] },
        { negated: true, value: 'p,q' },
      ],
    })
    expect(where('not.or=(a.is.null)')).toMatchObject({ kind: 'or', negated: true })
  })

  it('reads order, page, columns and the columns of a conflict', () => {
    expect(
      parse('order=a.desc.nullslast,b,c->>d.asc&limit=5&offset=10&columns="x","y z"&on_conflict=p,q'),
    ).toMatchObject({
      order: [
        { field: field('a'), direction: 'desc', nulls: 'last' },
        { field: field('b') },
        { field: { column: 'c', path: [{ key: 'd' }] }, direction: 'asc' },
      ],
      limit: 5,
      offset: 10,
      columns: ['x', 'y z'],
      onConflict: ['p', 'q'],
    })
  })

  it('takes as arguments of a call what is no comparison', () => {
    const { args, where: conditions } = parseQuery(new URLSearchParams('a=1&b=x.y&c=eq.5&a=2&limit=x'), true)
    expect(args).toEqual([
      ['a', '1'],
      ['b', 'x.y'],
      ['a', '2'],
    ])
    expect(conditions).toHaveLength(1)
  })

  it('refuses what it does not know, with the place and what was expected', () => {
    const wrong = [
      'a=5',
      'a=foo.5',
      'a=eq',
      'a=eq(some).1',
      'a=in.1',
      'a=in.(1',
      'a=is.old',
      'or=a.eq.1',
      'or=()',
      'select=a,',
      'select=a(b',
      'select=a b!',
      'order=a.up',
      'columns=',
      '.a=eq.1',
    ]
    for (const text of wrong) expect(() => parse(text), text).toThrow(ParseError)
    expect(() => parse('a=5')).toThrow('"failed to parse filter (5)" (line 1, column 1)')
    expect(() => parse('or=()')).toThrow('"failed to parse logic tree (())" (line 1, column 4)')
    expect(() => parse(`or=${'(and'.repeat(500)}`)).toThrow(ParseError)
    expect(() => parse(`or=${'(or'.repeat(500)}`)).toThrow(ParseError)
    expect(() => parse(`select=${'a('.repeat(5000)}`)).toThrow(ParseError)
  })

  it('passes over what PostgREST passes over', () => {
    expect(where('or=(a.eq.1,b.eq.2))')).toMatchObject({ kind: 'or' })
    expect(where('a=in.(1)2')).toMatchObject({ value: ['1'] })
    expect(parse('limit=x&offset=')).toMatchObject({ offset: 0 })
    expect(parse('limit=x')).not.toHaveProperty('limit')
  })

  it('never fails in another way, whatever it is given', () => {
    const text = fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom(...'abor.(),:->"\\{}*!=1 ') }))
    const name = fc.oneof(text, fc.constantFrom('select', 'or', 'not.and', 'order', 'columns', 'limit', 'a'))
    fc.assert(
      fc.property(fc.array(fc.tuple(name, text), { maxLength: 5 }), fc.boolean(), (pairs, isCall) => {
        try {
          parseQuery(new URLSearchParams(pairs), isCall)
        } catch (error) {
          expect(error).toBeInstanceOf(ParseError)
        }
      }),
      { numRuns: 1000 },
    )
  })
})
