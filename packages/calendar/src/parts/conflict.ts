import type { Stream } from '@tidemark/core'
import type { Label } from '../domain/eventDto.js'
import type { ComparedField, DraftVersions } from './draftMerge.js'
import { timesOf, type EventDraft } from './eventDraft.js'
import { titleText, whenText } from './eventText.js'
import type { EventUi } from './eventUi.js'
import { makeState } from './state.js'

export type Side = 'mine' | 'theirs'

/** A field that two versions disagree about, in words. */
export interface ConflictRow {
  readonly field: string
  readonly label: string
  /** What it said before either side changed it; `undefined` when nobody knows. */
  readonly base: string | undefined
  readonly mine: string
  readonly theirs: string
}

/** The user's choice between two versions, whatever draws it. What was written here is chosen at first. */
export interface ConflictPart {
  readonly choices$: Stream<Choices>
  choose(field: string, side: Side): void
  chooseAll(rows: readonly ConflictRow[], side: Side): void
  /** The fields that stay as they are here. */
  kept(rows: readonly ConflictRow[]): string[]
}
/** The side that was chosen, by field. */
export type Choices = Readonly<Record<string, Side>>

/** The side that holds for a field so far. */
export const chosen = (choices: Choices | undefined, field: string): Side => choices?.[field] ?? 'mine'

export function conflictPart(): ConflictPart {
  const state = makeState<Choices>({})
  return {
    choices$: state.stream,
    choose: (field, side) => state.set({ [field]: side }),
    chooseAll: (rows, side) => state.set(Object.fromEntries(rows.map(({ field }) => [field, side]))),
    kept: (rows) => rows.map(({ field }) => field).filter((field) => chosen(state.get(), field) === 'mine'),
  }
}

/** The names that stand for ids in a draft. */
export interface DraftNames {
  readonly calendars: readonly Label[]
  readonly categories: readonly Label[]
}

/** The fields of an event that are in conflict, in words. */
export const conflictRows = (
  { base, mine, theirs }: DraftVersions,
  fields: readonly ComparedField[],
  ui: EventUi,
  names: DraftNames,
): ConflictRow[] =>
  fields.map((field) => ({
    field,
    label: ui.messages.events.fields[field],
    base: fieldText(base, field, ui, names),
    mine: fieldText(mine, field, ui, names),
    theirs: fieldText(theirs, field, ui, names),
  }))

/** The labels of fields, as a list in the user's language. */
export const fieldList = (fields: readonly ComparedField[], { locale, messages }: EventUi): string =>
  new Intl.ListFormat(locale, { type: 'conjunction' }).format(
    fields.map((field) => messages.events.fields[field]),
  )

const fieldText = (draft: EventDraft, field: ComparedField, ui: EventUi, names: DraftNames): string =>
  texts[field](draft, ui, names)

type TextOf = (draft: EventDraft, ui: EventUi, names: DraftNames) => string

const flag =
  (field: 'private' | 'online_event' | 'in_person' | 'ai_managed'): TextOf =>
  (draft, { messages }) =>
    draft[field] ? messages.events.conflict.yes : messages.events.conflict.no

const long =
  (field: 'agenda' | 'ai_instructions'): TextOf =>
  (draft, { messages }) =>
    draft[field] === '' ? messages.events.conflict.empty : draft[field]

const named = (labels: readonly Label[], id: string, { messages }: EventUi): string =>
  labels.find((label) => label.id === id)?.name ?? messages.events.fields.none

const texts: Readonly<Record<ComparedField, TextOf>> = {
  title: ({ title }, ui) => titleText(title, ui),
  when: draftWhen,
  agenda: long('agenda'),
  private: flag('private'),
  online_event: flag('online_event'),
  in_person: flag('in_person'),
  calendar_id: (draft, ui, { calendars }) => named(calendars, draft.calendar_id, ui),
  category_id: (draft, ui, { categories }) => named(categories, draft.category_id, ui),
  show_time_as: (draft, { messages }) => messages.events.showTimeAs[draft.show_time_as],
  time_defense_level: (draft, { messages }) => messages.events.defense[draft.time_defense_level],
  ai_managed: flag('ai_managed'),
  ai_instructions: long('ai_instructions'),
}

function draftWhen(draft: EventDraft, ui: EventUi): string {
  const times = timesOf(draft, ui.timeZone)
  if (!times || times.end <= times.start) return ui.messages.events.conflict.unknown
  const { start, end } = times
  return whenText({ start_timestamp_ms: start, end_timestamp_ms: end, all_day: draft.all_day }, ui)
}
