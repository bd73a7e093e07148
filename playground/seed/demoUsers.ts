import { ada, ben, type DemoUser } from '../src/shared/people.ts'
import { stableId } from './chance.ts'
import type { Person, PlannedLabel } from './plan.ts'

/** All that a demo user's own rows are made of. */
export interface Profile {
  readonly person: Person
  readonly id: string
  readonly user: DemoUser
  readonly firstName: string
  readonly lastName: string
  readonly title: string
  /** IANA zone; the user's working hours are by its clocks. */
  readonly zone: string
  readonly timeFormat: '12_hour' | '24_hour'
  readonly weekStart: '0' | '1'
  readonly workday: readonly [from: string, to: string]
}

export const profiles: Readonly<Record<Person, Profile>> = {
  ada: {
    person: 'ada',
    id: stableId('user/ada'),
    user: ada,
    firstName: 'Ada',
    lastName: 'Winter',
    title: 'Head of Engineering',
    zone: 'Europe/Berlin',
    timeFormat: '24_hour',
    weekStart: '1',
    workday: ['09:00', '17:30'],
  },
  ben: {
    person: 'ben',
    id: stableId('user/ben'),
    user: ben,
    firstName: 'Ben',
    lastName: 'Okafor',
    title: 'Product Designer',
    zone: 'America/New_York',
    timeFormat: '12_hour',
    weekStart: '0',
    workday: ['08:30', '17:00'],
  },
}

export const people: readonly Person[] = ['ada', 'ben']

const forBoth = (label: Omit<PlannedLabel, 'owner'>): PlannedLabel[] =>
  people.map((owner) => ({ owner, ...label }))

export const ownCalendars: readonly PlannedLabel[] = [
  ...forBoth({ key: 'personal', name: 'Personal', color: 'green' }),
  ...forBoth({ key: 'travel', name: 'Travel', color: 'orange' }),
  ...forBoth({ key: 'archive', name: 'Archived', color: 'gray', type: 'archive', visible: false }),
]

export const ownCategories: readonly PlannedLabel[] = [
  ...forBoth({ key: 'meeting', name: 'Meetings', color: 'blue' }),
  ...forBoth({ key: 'focus', name: 'Focus', color: 'purple' }),
  ...forBoth({ key: 'customer', name: 'Customers', color: 'orange' }),
  ...forBoth({ key: 'health', name: 'Health', color: 'green' }),
]

/** Assistants besides the default one. */
export const personas = [
  {
    owner: 'ada',
    name: 'Scheduler',
    prompt: 'Protect the mornings. Move what is flexible first, and never on Fridays.',
  },
  {
    owner: 'ben',
    name: 'Coach',
    prompt: 'Ask what the meeting is for before you accept it. Keep lunch free.',
  },
] as const satisfies readonly { owner: Person; name: string; prompt: string }[]
