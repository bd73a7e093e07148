import fc from 'fast-check'
import { randomUUID as newId } from 'node:crypto'

/** Values that belong nowhere. */
export const hostile = fc.oneof(
  fc.constantFrom(
    `'; drop table notes; --`,
    `" or true --`,
    `$1`,
    `$q$`,
    '%s',
    '%I',
    `\\`,
    'é𝕏',
    '{}',
    '[]',
    '1:1:',
    '0:0:',
  ),
  fc.constantFrom<unknown>(
    null,
    -1,
    0,
    1e300,
    1.5,
    2 ** 60,
    true,
    [],
    {},
    [[]],
    { id: null },
    newId(),
    '99999999:99999999:',
  ),
  fc.string({ maxLength: 20, unit: 'grapheme' }).map((text) => text.replaceAll('\0', '')),
  fc.jsonValue({ maxDepth: 2 }),
)
const name = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom('notes', 'docs', 'settings') },
  { weight: 1, arbitrary: fc.string({ maxLength: 70 }) },
)
const range = fc.oneof(
  hostile,
  fc.record({
    column: fc.oneof(fc.constantFrom('at', 'title', 'id', 'updated_at', 'sync_xid', 'tableoid'), hostile),
    from: hostile,
    to: hostile,
  }),
)
/** A request as it should be, of which one or two parts are something else. */
const spoiled = <T extends object>(
  right: fc.Arbitrary<T>,
  wrong: { [K in keyof T]?: fc.Arbitrary<unknown> },
) =>
  fc
    .tuple(
      right,
      fc.record(wrong as Record<string, fc.Arbitrary<unknown>>),
      fc.subarray(Object.keys(wrong), { maxLength: 2 }),
    )
    .map(([request, spoilt, parts]) => ({
      ...request,
      ...Object.fromEntries(parts.map((part) => [part, spoilt[part]])),
    }))

const stage = fc.constantFrom('delta', 'range', 'gone', 'late', 'whole', 'scope:id', 'scope:"')
const page = spoiled(
  fc.record({
    first: fc.constant('3:3:'),
    table: fc.constantFrom('notes', 'docs'),
    stage,
    after: fc.tuple(fc.constant('3'), fc.constant(0), fc.tuple(fc.oneof(hostile, fc.constant(newId())))),
    edge: fc.constant('9'),
    epoch: fc.constant<unknown>('the epoch'),
  }),
  { first: hostile, table: name, stage: hostile, after: hostile, edge: hostile, epoch: hostile },
)
/** Requests of `tidemark_pull`; the text 'the epoch' stands for it. */
export const pullRequest = spoiled(
  fc.record({
    cookie: fc.constantFrom(null, '3:3:', '3:900:4,5'),
    epoch: fc.constant<unknown>('the epoch'),
    tables: fc.constant(['docs', 'notes', 'settings']),
    full: fc.subarray(['notes', 'docs']),
    ranges: fc.dictionary(fc.constantFrom('notes', 'docs', 'x"'), fc.array(range, { maxLength: 2 }), {
      maxKeys: 1,
    }),
    limit: fc.constantFrom(1, 10, 5000),
    page: fc.oneof(fc.constant(null), page),
  }),
  {
    cookie: hostile,
    epoch: hostile,
    tables: fc.oneof(fc.array(name, { maxLength: 4 }), hostile),
    full: hostile,
    ranges: hostile,
    limit: hostile,
    page: hostile,
  },
)
/** Requests of `tidemark_digest`. */
export const digestRequest = fc.record({
  tables: fc.oneof(
    {
      weight: 4,
      arbitrary: fc.constantFrom('notes', 'docs').chain((table) =>
        fc
          .record(
            {
              ranges: fc.oneof(fc.array(range, { maxLength: 2 }), hostile),
              buckets: fc.oneof(hostile, fc.constant([1, 2])),
            },
            { requiredKeys: [] },
          )
          .map((wanted) => ({ [table]: wanted })),
      ),
    },
    { weight: 1, arbitrary: fc.dictionary(name, hostile, { maxKeys: 2 }) },
    { weight: 1, arbitrary: hostile },
  ),
})
const column = fc.oneof(
  fc.constantFrom('title', 'n', 'user_id', 'id', 'at', 'parent'),
  fc.string({ maxLength: 70 }),
)
const change = spoiled(
  fc.record({
    table: fc.constantFrom('notes', 'docs'),
    op: fc.constantFrom('insert', 'update', 'delete'),
    key: fc.oneof(fc.constant<unknown>(newId()), hostile),
    values: fc.dictionary(column, hostile, { maxKeys: 3 }),
    or: fc.constantFrom<unknown>('update', null),
    at: fc.constantFrom<unknown>('2026-01-01', null),
    seq: fc.constantFrom<unknown>(1, null),
  }),
  { table: name, op: hostile, values: hostile, or: hostile, at: hostile, seq: hostile },
)
/** Lists of mutations, and what is none. */
export const pushed = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.array(change, { minLength: 1, maxLength: 3 }).map((changes) => [
      { id: 1, changes: changes.slice(1) },
      { id: 2, changes },
    ]),
  },
  { weight: 1, arbitrary: fc.array(fc.record({ id: hostile, changes: hostile }), { maxLength: 2 }) },
  { weight: 1, arbitrary: hostile },
)
