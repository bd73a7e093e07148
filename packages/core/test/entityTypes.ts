import { z } from 'zod'
import type { Entities } from '../src/entities.js'

export const types = {
  project: {
    row: z.object({
      id: z.string(),
      name: z.string().min(1),
      stage: z.string().nullable().default(null),
      due: z
        .codec(z.iso.datetime(), z.date(), {
          decode: (text) => new Date(text),
          encode: (date) => date.toISOString(),
        })
        .optional(),
      version: z.number().optional(),
    }),
  },
  task: { row: z.object({ id: z.string(), name: z.string() }) },
}
export type TestEntities = Entities<typeof types>
