import { z } from 'zod'
import { employee, project, task } from '../src/shared/entityTypes.ts'

/** One type of entity: where it lies, and what may be asked of it and written to it. */
export interface EntityTable {
  readonly code: string
  /** Written by us, so that it needs no quoting. */
  readonly table: string
  readonly row: z.ZodObject
  /** What a new one may be given. */
  readonly create: z.ZodObject
  /** What may be changed. */
  readonly patch: z.ZodObject
}

const ownedByServer = { version: true, updated_at: true } as const
const id = { id: z.uuid().optional() }

export const entityTables: readonly EntityTable[] = [
  {
    code: 'project',
    table: 'app.project',
    row: project,
    create: project
      .omit({ ...ownedByServer, owner_id: true })
      .partial({ shared_with: true, stage: true, budget: true, due: true })
      .extend(id)
      .strict(),
    patch: project
      .omit({ ...ownedByServer, id: true, owner_id: true })
      .partial()
      .strict(),
  },
  {
    code: 'task',
    table: 'app.task',
    row: task,
    create: task.omit(ownedByServer).partial({ employee_id: true, done: true }).extend(id).strict(),
    patch: task
      .omit({ ...ownedByServer, id: true })
      .partial()
      .strict(),
  },
  {
    code: 'employee',
    table: 'app.employee',
    row: employee,
    create: employee.omit(ownedByServer).partial({ user_id: true, role: true }).extend(id).strict(),
    patch: employee
      .omit({ ...ownedByServer, id: true })
      .partial()
      .strict(),
  },
]
