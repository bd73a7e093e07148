import fc from 'fast-check'
import { expect, test } from 'vitest'
import { mutation } from '../../test/outboxModel.js'
import type { Columns } from '../base/json.js'
import { mergeMutations, sentColumns, type Mutation } from './mutation.js'
import { applyPatches } from './patches.js'

/** `at` differs on the wire unless it is null, and `total` is computed by Postgres. */
const columns: fc.Arbitrary<Columns> = fc.record(
  {
    title: fc.nat(3),
    note: fc.constantFrom(null, 'x'),
    at: fc.option(fc.nat(3).map((day) => new Date(day))),
    total: fc.nat(3),
  },
  { requiredKeys: [] },
)
/** An insert shows an empty note until Postgres fills it, where the app has said none. */
const written = (op: 'insert' | 'update') => (said: Columns) => {
  const patch = op === 'insert' ? { id: 'T1', note: null, ...said } : said
  const local = [
    ...('total' in patch ? ['total'] : []),
    ...('note' in patch && !('note' in said) ? ['note'] : []),
  ]
  const wire = said['at'] instanceof Date ? { at: said['at'].toISOString() } : {}
  return mutation({ op, patch, wire, local })
}
const updates = fc.array(columns.map(written('update')), { maxLength: 5 })
const end = fc.option(
  fc.constant(null).map(() => mutation({ op: 'delete' })),
  { nil: undefined },
)
/** What can be written of one row before any of it is sent. */
const histories: fc.Arbitrary<{ base: Columns | null; mutations: Mutation[] }> = fc.oneof(
  fc.record({
    base: fc.constant(null),
    mutations: fc
      .tuple(columns.map(written('insert')), updates, end)
      .map(([first, rest, last]) => [first, ...rest, ...(last ? [last] : [])]),
  }),
  fc.record({
    base: columns.map((row): Columns | null => ({ id: 'T1', ...row })),
    mutations: fc
      .tuple(columns.map(written('update')), updates, end)
      .map(([first, rest, last]) => [first, ...rest, ...(last ? [last] : [])]),
  }),
)

test('a merged mutation shows what its mutations show in their order', () => {
  fc.assert(
    fc.property(histories, ({ base, mutations }) => {
      const merged = mergeMutations(mutations)
      expect(applyPatches(base, merged ? [merged] : [])).toEqual(applyPatches(base, mutations))
    }),
    { numRuns: 1_000 },
  )
})

test('a merged mutation sends what its mutations send, the last value of each column', () => {
  fc.assert(
    fc.property(histories, ({ mutations }) => {
      const last = mutations.at(-1)?.op === 'delete' ? mutations.slice(-1) : mutations
      const expected = Object.assign({}, ...last.map(sentColumns)) as Columns
      expect(sentColumns(mergeMutations(mutations) ?? mutation({}))).toEqual(expected)
    }),
    { numRuns: 1_000 },
  )
})

test('a merged mutation keeps the id, the time and the base of the first', () => {
  const base = { id: 'T1', title: 0 }
  const first = mutation({ id: 'first', at: 7, columns: { title: 1 }, base })
  const merged = mergeMutations([first, mutation({ columns: { title: 2 }, base: { id: 'T1', title: 1 } })])
  expect(merged).toMatchObject({ id: 'first', at: 7, patch: { title: 2 }, base })
  expect(mergeMutations([first, mutation({ op: 'delete' })])).toMatchObject({
    id: 'first',
    at: 7,
    op: 'delete',
  })
  expect(mergeMutations([])).toBeUndefined()
})
