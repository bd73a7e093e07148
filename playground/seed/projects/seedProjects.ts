import { cleo } from '../../src/projects/staff.ts'
import { ada, ben } from '../../src/shared/people.ts'
import { stableId } from '../chance.ts'
import { insertAll, writeUser, type Run } from '../writeRows.ts'
import { employeeRows, projectRows, taskRows } from './projectPlan.ts'

export interface ProjectsSeeded {
  readonly projects: number
  readonly tasks: number
}

/**
 * Fills the tables of the page "Projects": employees, sixty projects and four hundred tasks. Does nothing where there are
 * employees already.
 *
 * @param run runs a statement past all policies
 * @param users the ids of the demo users who have signed up
 * @param now the day around which the projects lie, in ms since the epoch
 */
export async function seedProjects(
  run: Run,
  users: { readonly ada: string; readonly ben: string },
  now = Date.now(),
): Promise<ProjectsSeeded> {
  const [seeded] = await run('select from app.employee limit 1')
  if (!seeded) await write(run, users, now)
  const [counts] = await run(
    'select (select count(*) from app.project)::int as projects, (select count(*) from app.task)::int as tasks',
  )
  return { projects: Number(counts?.projects), tasks: Number(counts?.tasks) }
}

async function write(
  run: Run,
  users: { readonly ada: string; readonly ben: string },
  now: number,
): Promise<void> {
  const cleoId = stableId('user/cleo')
  await writeUser(run, cleoId, cleo)
  const ids = { [ada.email]: users.ada, [ben.email]: users.ben, [cleo.email]: cleoId }
  const employee = ['id', 'user_id', 'name', 'email', 'role']
  await insertAll(run, 'app.employee', employee, employeeRows(ids))
  const project = ['id', 'owner_id', 'shared_with', 'name', 'stage', 'budget', 'due']
  await insertAll(run, 'app.project', project, projectRows(ids, now))
  await insertAll(run, 'app.task', ['id', 'project_id', 'employee_id', 'title', 'done'], taskRows(ids))
}
