import type { CachedState, LabelOption } from '@tidemark/core/entities'
import type { z } from 'zod'
import type { project } from '../shared/entityTypes.js'
import type { StatusText } from '../shared/statusText.js'

export type Project = z.output<typeof project>

/** How good what is shown is, as people read it. */
export function stateText(state: CachedState<unknown>): StatusText {
  switch (state.name) {
    case 'loading':
      return { label: 'Loading', tone: 'busy', hint: 'Nothing is known of it yet.' }
    case 'fresh':
      return { label: 'Current', tone: 'good', hint: `As of ${timeText(state.syncedAt)}.` }
    case 'stale':
      return {
        label: 'Updating',
        tone: 'busy',
        hint: `As of ${timeText(state.syncedAt)}; it is being fetched again.`,
      }
    case 'waiting':
      return { label: 'Waiting', tone: 'warn', hint: state.error.message }
    case 'needs-sign-in':
      return { label: 'Sign in', tone: 'bad', hint: state.reason }
    case 'failed':
      return { label: 'Refused', tone: 'bad', hint: state.error.message }
    case 'removed':
      return { label: 'Deleted', tone: 'warn', hint: 'It is gone, or you may not see it any more.' }
  }
}

const timeText = (at: number): string => new Date(at).toLocaleTimeString()

export const errorText = (error: unknown): string => (error instanceof Error ? error.message : String(error))

/** What a write that failed comes down to. */
export const takenBack = (error: unknown): string => `Taken back: ${errorText(error)}`

/** The label of a stage, and its value while labels are not known. */
export const stageText = (stage: string, options: readonly LabelOption[]): string =>
  options.find(({ value }) => value === stage)?.label ?? stage

const money = new Intl.NumberFormat(undefined, {
  style: 'currency',
  currency: 'EUR',
  maximumFractionDigits: 0,
})

export const dateText = (date: string | null): string =>
  date === null ? '–' : new Date(`${date}T00:00`).toLocaleDateString()

/** A value of a project as it is shown. */
export function valueText(field: keyof Project, value: unknown, options: readonly LabelOption[]): string {
  if (value === null || value === undefined || value === '') return '–'
  if (field === 'stage') return stageText(String(value), options)
  if (field === 'budget') return money.format(Number(value))
  return field === 'due' ? dateText(String(value)) : String(value)
}
