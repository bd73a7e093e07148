import { defineTable, type RowOf } from '@tidemark/core'
import { z } from 'zod'
import { color, shortName, stamps } from './columns.js'

/** A user's categories; exactly one is the default. */
export const categories = defineTable({
  name: 'user_categories',
  row: z.object({
    id: z.uuid(),
    user_id: z.uuid(),
    name: shortName,
    color: color.default('blue'),
    is_default: z.boolean().default(false),
    ...stamps,
  }),
  key: 'id',
  owner: 'user_id',
  guards: { delete: (row) => (row.is_default ? 'The default category cannot be deleted.' : undefined) },
})
export type Category = RowOf<typeof categories>
