import { z } from 'zod'

/** The entities of the page "Projects", as the API sends them and as the page shows them. */
const counted = { version: z.int().positive(), updated_at: z.string() }

export const project = z.object({
  id: z.uuid(),
  owner_id: z.uuid(),
  shared_with: z.array(z.uuid()),
  name: z.string().min(1).max(200),
  stage: z.string().min(1).max(40),
  budget: z.number().nonnegative().max(9_999_999_999).nullable(),
  due: z.iso.date().nullable(),
  ...counted,
})

export const task = z.object({
  id: z.uuid(),
  project_id: z.uuid(),
  employee_id: z.uuid().nullable(),
  title: z.string().min(1).max(200),
  done: z.boolean(),
  ...counted,
})

export const employee = z.object({
  id: z.uuid(),
  user_id: z.uuid().nullable(),
  name: z.string().min(1).max(200),
  email: z.email(),
  role: z.enum(['viewer', 'editor', 'admin']),
  ...counted,
})

export const entityTypes = { project: { row: project }, task: { row: task }, employee: { row: employee } }
