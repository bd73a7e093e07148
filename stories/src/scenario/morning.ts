import type { Told } from './seed.ts'

/** Two events of Ada's day, which most of the scenarios begin with. */
export const morning: readonly Told[] = [
  { title: 'Design review', at: '2026-03-11T10:00:00+01:00' },
  { title: 'Team lunch', at: '2026-03-11T12:00:00+01:00' },
]
