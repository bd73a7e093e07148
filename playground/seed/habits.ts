import { type Filing, type Guest, hour, type Person } from './plan.ts'

/** What recurs in a working week: when by its owner's clocks, and for whom. */
export interface Habit {
  readonly key: string
  readonly owner: Person
  readonly title: string | readonly [string, ...string[]]
  /** 0 is Monday. */
  readonly weekdays: readonly number[]
  /** Minutes after midnight. */
  readonly from: number
  readonly minutes: number
  /** Every how many weeks; left out: each. */
  readonly every?: number
  readonly agenda?: string
  readonly private?: true
  readonly place?: 'online' | 'in-person'
  readonly filing?: Filing
  /** Invites the other one. */
  readonly guest?: Guest['role']
}

const workdays = [0, 1, 2, 3, 4]
const meeting = { category: 'meeting' } as const
const focus = {
  category: 'focus',
  defense: 'high',
  aiInstructions: 'Move it within the day rather than drop it.',
} as const
const lunch = { calendar: 'personal', showTimeAs: 'free', defense: 'flexible' } as const

export const habits: readonly Habit[] = [
  {
    key: 'stand-up',
    owner: 'ada',
    title: 'Stand-up',
    weekdays: workdays,
    from: 15 * hour,
    minutes: 15,
    place: 'online',
    filing: meeting,
    guest: 'contributor',
  },
  {
    key: 'one-on-one',
    owner: 'ada',
    title: '1:1 Ada and Ben',
    weekdays: [1],
    from: 16 * hour,
    minutes: 30,
    place: 'online',
    filing: { ...meeting, defense: 'high' },
    guest: 'contributor',
  },
  {
    key: 'review',
    owner: 'ben',
    title: ['Design review', 'Prototype review', 'Accessibility review'],
    weekdays: [3],
    from: 11 * hour,
    minutes: 60,
    place: 'online',
    filing: meeting,
    guest: 'viewer',
    agenda: '1. What changed\n2. What we learned\n3. What is next',
  },
  {
    key: 'planning',
    owner: 'ben',
    title: 'Sprint planning',
    weekdays: [0],
    from: 10 * hour,
    minutes: 90,
    every: 2,
    place: 'online',
    filing: meeting,
    guest: 'contributor',
  },
  {
    key: 'retro',
    owner: 'ada',
    title: 'Retrospective',
    weekdays: [4],
    from: 16 * hour,
    minutes: 60,
    every: 2,
    place: 'online',
    filing: meeting,
    guest: 'contributor',
  },
  {
    key: 'all-hands',
    owner: 'ada',
    title: 'All hands',
    weekdays: [2],
    from: 17 * hour,
    minutes: 45,
    every: 4,
    place: 'online',
    filing: meeting,
    guest: 'viewer',
  },
  {
    key: 'roadmap',
    owner: 'ada',
    title: 'Roadmap',
    weekdays: [2],
    from: 16 * hour,
    minutes: 50,
    every: 3,
    place: 'online',
    filing: meeting,
    guest: 'delegate_full',
  },
  {
    key: 'focus-ada',
    owner: 'ada',
    title: 'Focus time',
    weekdays: [2, 3],
    from: 9 * hour,
    minutes: 150,
    filing: focus,
  },
  {
    key: 'focus-ben',
    owner: 'ben',
    title: 'Deep work',
    weekdays: [1, 4],
    from: 14 * hour,
    minutes: 120,
    filing: { ...focus, defense: 'hard_block' },
  },
  {
    key: 'lunch-ada',
    owner: 'ada',
    title: 'Lunch',
    weekdays: workdays,
    from: 12.5 * hour,
    minutes: 45,
    filing: lunch,
  },
  {
    key: 'lunch-ben',
    owner: 'ben',
    title: ['Lunch', 'Lunch by the river', 'Lunch with Mia'],
    weekdays: [0, 2, 3],
    from: 12 * hour,
    minutes: 60,
    filing: lunch,
  },
  {
    key: 'interview',
    owner: 'ada',
    title: ['Interview: backend', 'Interview: data', 'Interview: support'],
    weekdays: [1],
    from: 10.5 * hour,
    minutes: 75,
    every: 2,
    private: true,
    place: 'in-person',
    filing: { ...meeting, defense: 'high' },
  },
  {
    key: 'research',
    owner: 'ben',
    title: 'Customer interview',
    weekdays: [2],
    from: 9.5 * hour,
    minutes: 45,
    place: 'online',
    filing: { category: 'customer' },
  },
  {
    key: 'climbing',
    owner: 'ada',
    title: 'Climbing',
    weekdays: [1, 3],
    from: 19 * hour,
    minutes: 120,
    private: true,
    filing: { calendar: 'personal', category: 'health' },
  },
  {
    key: 'run',
    owner: 'ben',
    title: 'Morning run',
    weekdays: [0, 2, 5],
    from: 6.75 * hour,
    minutes: 40,
    private: true,
    filing: { calendar: 'personal', category: 'health', showTimeAs: 'free' },
  },
  {
    key: 'physio',
    owner: 'ben',
    title: 'Physiotherapy',
    weekdays: [4],
    from: 8 * hour,
    minutes: 50,
    every: 3,
    private: true,
    place: 'in-person',
    filing: { calendar: 'personal', category: 'health', showTimeAs: 'oof', defense: 'hard_block' },
  },
]
