import { expectTypeOf, test } from 'vitest'
import { z } from 'zod'
import {
  defineTable,
  view,
  type Query,
  type RowState,
  type Stream,
  type Tidemark,
  type Where,
} from '../src/index.js'

const lists = defineTable({ name: 'lists', row: z.object({ id: z.string(), title: z.string() }), key: 'id' })
const tasks = defineTable({
  name: 'tasks',
  row: z.object({
    id: z.string(),
    list_id: z.string().nullable(),
    rank: z.number(),
    at: z.date().nullable(),
    done: z.boolean(),
  }),
  key: 'id',
})
type Task = { id: string; list_id: string | null; rank: number; at: Date | null; done: boolean }
type List = { id: string; title: string }
declare const tide: Tidemark<{ lists: typeof lists; tasks: typeof tasks }>
const { rows$, count$ } = tide.tables.tasks

test('a question names declared columns and compares them with values of their types', () => {
  rows$({ where: { done: true, rank: { gte: 1, lt: 2 }, at: { gt: new Date() }, list_id: null } })
  rows$({
    where: {
      list_id: { in: ['a', 'b'], ne: 'c' },
      and: [{ rank: 1 }],
      or: [{ done: false }],
      not: { rank: 2 },
    },
  })
  count$({ where: { list_id: { eq: null } } })
  // @ts-expect-error no such column
  rows$({ where: { nope: 1 } })
  // @ts-expect-error no such column, further in
  rows$({ where: { or: [{ done: true }, { not: { nope: 1 } }] } })
  // @ts-expect-error a rank is a number
  rows$({ where: { rank: '1' } })
  // @ts-expect-error a rank is compared with numbers
  rows$({ where: { rank: { gt: '1' } } })
  // @ts-expect-error no such comparison
  rows$({ where: { rank: { above: 1 } } })
  // @ts-expect-error nothing is greater than null
  rows$({ where: { at: { gt: null } } })
  // @ts-expect-error null is in no list
  count$({ where: { list_id: { in: [null] } } })
})

test('an order names declared columns, one or several, with directions', () => {
  rows$({ orderBy: 'rank' })
  rows$({ orderBy: { rank: 'desc' } })
  rows$({ orderBy: ['done', { rank: 'desc' }, 'id'], limit: 10 })
  // @ts-expect-error no such column
  rows$({ orderBy: 'nope' })
  // @ts-expect-error no such column
  rows$({ orderBy: { nope: 'asc' } })
  // @ts-expect-error no such column among several
  rows$({ orderBy: ['rank', 'nope'] })
  // @ts-expect-error no such direction
  rows$({ orderBy: { rank: 'up' } })
  // @ts-expect-error a limit is a number
  rows$({ limit: '10' })
})

test('a question that is built first has the type of its rows', () => {
  const where: Where<Task> = { done: true }
  const query: Query<Task> = { where, orderBy: 'rank' }
  expectTypeOf(rows$).parameter(0).toEqualTypeOf<Query<Task> | undefined>()
  rows$(query)
  // @ts-expect-error a question to another table
  tide.tables.lists.rows$(query)
})

test('a join knows the row, and of each step what was joined before it', () => {
  const joined = view(tasks)
    .with(
      'list',
      lists,
      (task) => (expectTypeOf(task).toEqualTypeOf<Readonly<Task> & RowState>(), task.list_id),
    )
    .with('twin', lists, (_, { list, userId }) => {
      expectTypeOf(list).toEqualTypeOf<(Readonly<List> & RowState) | null>()
      expectTypeOf(userId).toEqualTypeOf<string>()
      return list?.id
    })
    .select((task, { list, twin }) => ({ rank: task.rank, title: list?.title ?? null, twin: twin !== null }))
  type Result = { rank: number; title: string | null; twin: boolean }
  const { rows$, row$ } = tide.view(joined)
  expectTypeOf(rows$()).toEqualTypeOf<Stream<readonly Result[]>>()
  expectTypeOf(row$('t')).toEqualTypeOf<Stream<Result | null>>()
  rows$({ where: { done: true }, filter: ({ title }) => title !== null })
  // @ts-expect-error the question is one to the tasks, not to the results
  rows$({ where: { title: 'a' } })
  // @ts-expect-error results have no such part
  rows$({ filter: ({ nope }) => nope })
})

test('a step answers a key of its table, or that there is none', () => {
  const pairs = defineTable({
    name: 'pairs',
    row: z.object({ a: z.string(), b: z.number() }),
    key: ['a', 'b'],
  })
  view(tasks).with('pair', pairs, ({ id, rank }) => [id, rank] as const)
  view(tasks).with('none', pairs, () => undefined)
  // @ts-expect-error a rank is no key of a list
  view(tasks).with('list', lists, ({ rank }) => rank)
  // @ts-expect-error half a key
  view(tasks).with('pair', pairs, ({ id }) => [id] as const)
})
