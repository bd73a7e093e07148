import type { Label } from '../domain/eventDto.js'
import { showTimeAs, timeDefenseLevel } from '../tables/eventDetails.js'
import { colors } from './colors.js'
import type { EventUi } from './eventUi.js'

/** One of several values, and how it is called. */
export interface Choice {
  readonly value: string
  readonly text: string
}

/** Calendars or categories, with none at all first. */
export const labelChoices = (labels: readonly Label[], { messages }: EventUi): readonly Choice[] => [
  { value: '', text: messages.events.fields.none },
  ...labels.map(({ id, name }) => ({ value: id, text: name })),
]

export const showTimeAsChoices = ({ messages }: EventUi): readonly Choice[] =>
  showTimeAs.options.map((value) => ({ value, text: messages.events.showTimeAs[value] }))

export const defenseChoices = ({ messages }: EventUi): readonly Choice[] =>
  timeDefenseLevel.options.map((value) => ({ value, text: messages.events.defense[value] }))

export const colorChoices = ({ messages }: EventUi): readonly Choice[] =>
  colors.map((value) => ({ value, text: messages.events.colors[value] }))
