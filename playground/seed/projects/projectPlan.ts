import { ben } from '../../src/shared/people.ts'
import { staff } from '../../src/projects/staff.ts'
import { chance, choose, stableId } from '../chance.ts'
import { others, sites, works } from './works.ts'

type Row = Record<string, unknown>

/** The ids of the demo's users, by e-mail address. */
export type UserIds = Readonly<Record<string, string>>

const day = 86_400_000
/** Tasks of the first projects; the others have one less. */
const longProjects = 40

export function employeeRows(users: UserIds): Row[] {
  const signedUp = staff.map(({ name, email, role }) => ({
    id: stableId(`employee/${email}`),
    user_id: users[email],
    name,
    email,
    role,
  }))
  const rest = others.map((name) => {
    const [first = ''] = name.toLowerCase().split(' ')
    return {
      id: stableId(`employee/${name}`),
      user_id: null,
      name,
      email: `${first}@tidemark.dev`,
      role: 'viewer',
    }
  })
  return [...signedUp, ...rest]
}

/** Sixty projects: each kind of work at each site. The same day gives the same rows. */
export function projectRows(users: UserIds, now: number): Row[] {
  return works.flatMap((work) =>
    sites.map((site) => {
      const name = `${site}: ${work.name}`
      const owner = choose(`${name}/owner`, ['ada@tidemark.dev', 'ada@tidemark.dev', ben.email])
      const stage = stageOf(name)
      return {
        id: projectId(name),
        owner_id: users[owner],
        shared_with: sharedWith(name, owner, users),
        name,
        stage,
        budget: stage === 'planned' && chance(`${name}/open`) < 0.2 ? null : budgetOf(name),
        due: dueOf(name, stage, now),
      }
    }),
  )
}

/** Four hundred tasks; how many of them are done follows from the stage of their project. */
export function taskRows(users: UserIds): Row[] {
  const team = employeeRows(users).map(({ id }) => id)
  return works
    .flatMap((work) => sites.map((site) => ({ name: `${site}: ${work.name}`, tasks: work.tasks })))
    .flatMap(({ name, tasks }, place) => {
      const planned = place < longProjects ? tasks : tasks.slice(0, -1)
      const done = Math.round(planned.length * doneShare(name))
      return planned.map((title, index) => ({
        id: stableId(`task/${name}/${title}`),
        project_id: projectId(name),
        employee_id:
          chance(`${name}/${title}`) < 0.15
            ? null
            : team[Math.floor(chance(`${title}/${name}`) * team.length)],
        title,
        done: index < done,
      }))
    })
}

const projectId = (name: string): string => stableId(`project/${name}`)

const stageOf = (name: string) => choose(`${name}/stage`, ['planned', 'active', 'active', 'held', 'done'])

const budgetOf = (name: string): number => 500 * Math.round(10 + chance(`${name}/budget`) ** 2 * 1_800)

function doneShare(name: string): number {
  const stage = stageOf(name)
  if (stage === 'done') return 1
  return stage === 'planned' ? 0 : chance(`${name}/done`)
}

function dueOf(name: string, stage: string, now: number): string {
  const days = Math.round(chance(`${name}/due`) * 400) + 10
  return new Date(now + (stage === 'done' ? -days : days) * day).toISOString().slice(0, 10)
}

/** The other demo user sees nearly everything, and the viewer most of it. */
function sharedWith(name: string, owner: string, users: UserIds): string[] {
  return staff
    .filter(
      ({ email, role }) => email !== owner && chance(`${name}/${email}`) < (role === 'viewer' ? 0.7 : 0.9),
    )
    .flatMap(({ email }) => users[email] ?? [])
}
