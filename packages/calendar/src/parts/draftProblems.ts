import { longestEvent } from '../domain/eventReads.js'
import { timesOf, type DraftField, type EventDraft } from './eventDraft.js'
import type { EventMessages } from './messages/events.js'

/** What is wrong with a field: the name of the words that say it. */
export type Problem = keyof EventMessages['problems']
export type DraftProblems = Partial<Record<DraftField, Problem>>

const longestTitle = 500
const longestText = 20_000

/** What must be mended before the draft can be saved, by field; empty when nothing must. */
export function draftProblems(draft: EventDraft, timeZone: string): DraftProblems {
  return {
    ...titleProblem(draft.title.trim()),
    ...(draft.agenda.length > longestText && { agenda: 'textLong' as const }),
    ...(draft.ai_instructions.length > longestText && { ai_instructions: 'textLong' as const }),
    ...timeProblem(draft, timeZone),
  }
}

function titleProblem(title: string): DraftProblems {
  if (title === '') return { title: 'titleMissing' }
  return title.length > longestTitle ? { title: 'titleLong' } : {}
}

function timeProblem(draft: EventDraft, timeZone: string): DraftProblems {
  const missing = (date: string, time: string): boolean => date === '' || (!draft.all_day && time === '')
  if (missing(draft.startDate, draft.startTime)) return { startDate: 'startMissing' }
  if (missing(draft.endDate, draft.endTime)) return { endDate: 'endMissing' }
  const times = timesOf(draft, timeZone)
  if (!times) return { startDate: 'startMissing' }
  if (times.end <= times.start) return { endDate: 'endBeforeStart' }
  return times.end - times.start > longestEvent ? { endDate: 'tooLong' } : {}
}
