import type { DraftField, EventDraft } from './eventDraft.js'

/** What two versions of an event are compared by: the fields of the form, with its times as one. */
export const comparedFields = [
  'title',
  'when',
  'agenda',
  'private',
  'online_event',
  'in_person',
  'calendar_id',
  'category_id',
  'show_time_as',
  'time_defense_level',
  'ai_managed',
  'ai_instructions',
] as const
export type ComparedField = (typeof comparedFields)[number]

const times = ['all_day', 'startDate', 'startTime', 'endDate', 'endTime'] as const

/** The fields of the form that are one compared field. */
const fieldsOf = (field: ComparedField): readonly DraftField[] => (field === 'when' ? times : [field])

/** The fields in which two drafts differ. The hours of an all-day event are nobody's words. */
export const differing = (one: EventDraft, other: EventDraft): ComparedField[] =>
  comparedFields.filter((field) =>
    fieldsOf(field).some((name) => one[name] !== other[name] && !unsaid(name, one, other)),
  )

const unsaid = (name: DraftField, one: EventDraft, other: EventDraft): boolean =>
  (name === 'startTime' || name === 'endTime') && one.all_day && other.all_day

/** A draft with some compared fields taken from another one. */
export function take(draft: EventDraft, fields: readonly ComparedField[], from: EventDraft): EventDraft {
  const taken = fields.flatMap(fieldsOf).map((name) => [name, from[name]])
  return { ...draft, ...(Object.fromEntries(taken) as Partial<EventDraft>) }
}

/** A draft on an event that is changed elsewhere meanwhile. */
export interface DraftVersions {
  /** What the draft was made on; of each field that is not in conflict, what the other side says now. */
  readonly base: EventDraft
  readonly mine: EventDraft
  /** The event as it is now. */
  readonly theirs: EventDraft
}

/** Takes over what changed elsewhere, except where both sides changed a field: that is a conflict for the user. */
export function mergeDraft({ base, mine }: DraftVersions, theirs: EventDraft): DraftVersions {
  const edited = new Set(differing(base, mine))
  const conflicts = conflictsOf({ base, mine, theirs }).filter((field) => edited.has(field))
  const agreed = comparedFields.filter((field) => !conflicts.includes(field))
  const taken = differing(base, theirs).filter((field) => !edited.has(field))
  return { base: take(base, agreed, theirs), mine: take(mine, taken, theirs), theirs }
}

/** The fields that changed elsewhere and say something else here: the user must choose. */
export const conflictsOf = ({ base, mine, theirs }: DraftVersions): ComparedField[] => {
  const here = new Set(differing(mine, theirs))
  return differing(base, theirs).filter((field) => here.has(field))
}
