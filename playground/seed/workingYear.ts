import { instantOf } from '@tidemark/calendar'
import { chance, choose } from './chance.ts'
import { profiles } from './demoUsers.ts'
import { occasions } from './occasions.ts'
import { type Habit, habits } from './habits.ts'
import { dayMs, type Guest, minuteMs, other, type PlannedEvent } from './plan.ts'

const weeks = 52

/**
 * A year of working weeks around a day: half of it before, half after.
 *
 * @param now ms since the epoch; who has answered what depends on it
 */
export function workingYear(now: number): PlannedEvent[] {
  const today = Math.floor(now / dayMs)
  const thisMonday = today - ((today + 3) % 7)
  const mondays = Array.from({ length: weeks }, (_, week) => thisMonday + (week - weeks / 2) * 7)
  return mondays.flatMap((monday, week) => [
    ...habits
      .filter(({ every = 1 }) => week % every === 0)
      .flatMap((habit) => inWeek(habit, monday, week, now)),
    ...occasions(monday, week),
  ])
}

function inWeek(habit: Habit, monday: number, week: number, now: number): PlannedEvent[] {
  const { owner, title, from, minutes, guest, weekdays, key: habitKey, every: _every, ...rest } = habit
  return weekdays.map((weekday) => {
    const key = `${habitKey}/${String(week)}/${String(weekday)}`
    const start = instantOf((monday + weekday) * dayMs + from * minuteMs, profiles[owner].zone)
    const guests = guest && { guests: { [other(owner)]: invited(guest, key, start < now) } }
    const name = typeof title === 'string' ? title : choose(key, title)
    return { ...rest, key, owner, title: name, start, minutes, ...guests }
  })
}

/** What is past has been answered; of what lies ahead, some is still open. */
function invited(role: Guest['role'], key: string, past: boolean): Guest {
  const open = past ? 'accepted' : null
  const rsvp = choose<Guest['rsvp']>(key, ['accepted', 'accepted', 'accepted', 'tentative', 'declined', open])
  const showTimeAs = rsvp === 'declined' ? 'free' : rsvp === 'accepted' ? 'busy' : 'tentative'
  return {
    role,
    rsvp,
    following: chance(`following ${key}`) < 0.3,
    filing: { category: 'meeting', showTimeAs },
  }
}
