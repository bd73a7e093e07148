import type { Profile } from '../tables/people.js'

type Names = Pick<Profile, 'display_name' | 'first_name' | 'last_name' | 'email'>

/** What a person is called: the name they chose, their full name, or their address. */
export function personName({ display_name, first_name, last_name, email }: Names): string {
  const full = [first_name, last_name].filter(Boolean).join(' ')
  return [display_name, full].find((name) => name !== null && name !== '') ?? email
}
