import { ada, ben, type DemoUser } from '../shared/people.js'

/** What somebody may do: a viewer reads, an editor also writes, an admin also decides who may what. */
export const roles = ['viewer', 'editor', 'admin'] as const
export type Role = (typeof roles)[number]

/** A demo user of the page "Projects", with the role that their employee begins with. */
export interface StaffUser extends DemoUser {
  readonly role: Role
}

export const cleo: DemoUser = { name: 'Cleo', email: 'cleo@tidemark.dev' }

export const staff: readonly StaffUser[] = [
  { ...ada, role: 'admin' },
  { ...ben, role: 'editor' },
  { ...cleo, role: 'viewer' },
]
