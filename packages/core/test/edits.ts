import fc from 'fast-check'
import type { Tide } from './world.js'

/** One write of an app, on few rows; where it is not possible, the nearest one that is. */
export type Edit = (tide: Tide) => Promise<unknown>

const ids = fc.constantFrom('1', '2', '3', '4')
const titles = fc.constantFrom('a', 'b', 'c')

/** Inserts the row or updates it, deletes it, or puts it back where it was. */
const listEdits = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({ id: ids, title: titles, color: fc.constantFrom('red', 'blue') }).map(
      (row): Edit =>
        (tide) =>
          tide.tables.lists.upsert(row),
    ),
  },
  {
    weight: 1,
    arbitrary: ids.map(
      (id): Edit =>
        async (tide) =>
          (await tide.tables.lists.get(id)) && tide.tables.lists.delete(id),
    ),
  },
)
const taskEdits = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({ id: ids, list_id: ids, rank: fc.nat(3), done: fc.boolean() }).map(
      (row): Edit =>
        (tide) =>
          tide.tables.tasks.upsert(row),
    ),
  },
  {
    weight: 1,
    arbitrary: ids.map(
      (id): Edit =>
        async (tide) =>
          (await tide.tables.tasks.get(id)) && tide.tables.tasks.delete(id),
    ),
  },
)

/** Writes to both tables, one after the other. */
export const edits: fc.Arbitrary<Edit[]> = fc.array(fc.oneof(listEdits, taskEdits), {
  minLength: 1,
  maxLength: 25,
  size: 'max',
})
