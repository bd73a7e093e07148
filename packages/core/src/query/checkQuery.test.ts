import fc from 'fast-check'
import { expect, test } from 'vitest'
import { orders, things, wheres } from '../../test/things.js'
import { TidemarkError } from '../base/errors.js'
import { checkQuery } from './checkQuery.js'
import type { Query } from './query.js'

function refusal(query: unknown): string {
  try {
    checkQuery(things, query as Query)
  } catch (error) {
    expect(error).toBeInstanceOf(TidemarkError)
    expect(error).toMatchObject({ code: 'query-invalid', table: 'things' })
    return (error as TidemarkError).message
  }
  return ''
}

test.each<[string, unknown, RegExp]>([
  ['an unknown column', { where: { nme: 1 } }, /no column 'nme'; its columns are id, team, name/],
  ['one inside of `not`', { where: { not: { x: 1 } } }, /no column 'x'/],
  ['one inside of `and` and `or`', { where: { and: [{ or: [{ n: 1 }, { x: 1 }] }] } }, /no column 'x'/],
  ['one to order by', { orderBy: ['n', { x: 'desc' }] }, /no column 'x'/],
  ['a name that every object has', { where: { constructor: 1 } }, /no column 'constructor'/],
  ['an unknown operator', { where: { n: { like: 1 } } }, /no operator 'like' for 'n'; .* eq, ne, gt/],
  ['one among known ones', { where: { n: { gt: 1, below: 3 } } }, /no operator 'below'/],
  ['a condition without an operator', { where: { n: {} } }, /no operator '' for 'n'/],
  ['a list that is none', { where: { n: { in: 1 } } }, /'n' cannot be compared by 'in' with 1\./],
  ['parts that are no list', { where: { or: { n: 1 } } }, /'or' takes a list/],
  ['a where that is none', { where: { not: [] } }, /'where' is an object/],
  ['null under an operator', { where: { n: { gt: null } } }, /'n' cannot be compared by 'gt' with null/],
  ['null in a list', { where: { n: { in: [1, null] } } }, /'n' cannot be compared by 'in' with/],
  ['NaN', { where: { n: Number.NaN } }, /'n' cannot be compared by 'eq' with NaN/],
  [
    'an invalid date',
    { where: { at: { gt: new Date('x') } } },
    /'at' cannot be compared by 'gt' with Invalid Date/,
  ],
  ['an order of objects', { where: { data: { gt: [1] } } }, /'data' cannot be compared by 'gt' with/],
  ['a direction that is none', { orderBy: { n: 'down' } }, /the direction of 'n' must be 'asc' or 'desc'/],
  ['a negative limit', { limit: -1 }, /limit must be a whole number of 0 or more, not -1/],
  ['half a row', { limit: 1.5 }, /not 1.5/],
  ['a limit that is no number', { limit: Number.NaN }, /not NaN/],
])('%s is refused', (_, query, message) => expect(refusal(query)).toMatch(message))

test.each<Query>([
  {},
  { limit: 0 },
  { limit: Infinity },
  { where: { n: { gt: undefined }, name: undefined } },
  { where: { n: null, at: { eq: null } } },
  { where: { data: { x: 1, like: 2 } } },
  { where: { data: { eq: { gt: 1 } } } },
  { where: { n: { gt: -Infinity } } },
])('%j is answered', (query) => expect(refusal(query)).toBe(''))

test('every query that the other tests ask is a valid one', () =>
  fc.assert(
    fc.property(wheres, orders, (where, orderBy) =>
      checkQuery(things, { where, ...(orderBy && { orderBy }) }),
    ),
  ))
