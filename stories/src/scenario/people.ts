/** Ids that are the same each time: `id('e', 7)`. */
export const id = (kind: Kind, number: number): string =>
  `${kinds[kind]}0000000-0000-4000-8000-${String(number).padStart(12, '0')}`

const kinds = { person: 'a', calendar: 'b', category: 'c', event: 'd', persona: 'e', period: 'f' } as const
type Kind = keyof typeof kinds

/** Whose device every story is looked at on. */
export const ada = id('person', 1)
/** Who invites her, and whom she invites. */
export const grace = id('person', 2)

const person = (user: string, first_name: string, last_name: string) => ({
  id: user,
  email: `${first_name.toLowerCase()}@example.com`,
  first_name,
  last_name,
  display_name: `${first_name} ${last_name}`,
  timezone: 'Europe/Berlin',
  time_format: '24_hour',
  week_start_day: '1',
})

export const profiles = [person(ada, 'Ada', 'Lovelace'), person(grace, 'Grace', 'Hopper')]
