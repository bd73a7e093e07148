import type { DraftConflict, LabelOption } from '@tidemark/core/entities'
import { valueText, type Project } from './texts.js'

export type EditedField = 'name' | 'stage' | 'budget' | 'due'

/** The fields of the form, in order. */
export const fields: readonly {
  name: EditedField
  label: string
  type: 'text' | 'number' | 'date' | 'choice'
}[] = [
  { name: 'name', label: 'Name', type: 'text' },
  { name: 'stage', label: 'Stage', type: 'choice' },
  { name: 'budget', label: 'Budget', type: 'number' },
  { name: 'due', label: 'Due', type: 'date' },
]

export const labelOf = (field: string): string => fields.find(({ name }) => name === field)?.label ?? field

interface Edit {
  updateField<F extends EditedField>(field: F, value: Project[F]): void
}

/** Takes over what was typed into a field. */
export function setField(edit: Edit, field: EditedField, text: string): void {
  if (field === 'budget') edit.updateField(field, text === '' ? null : Number(text))
  else if (field === 'due') edit.updateField(field, text === '' ? null : text)
  else edit.updateField(field, text)
}

/** What an edit changes, a line each. */
export function changeLines(
  original: Project,
  changes: Partial<Project>,
  options: readonly LabelOption[],
): string[] {
  return Object.entries(changes).map(([name, value]) => {
    const field = name as keyof Project
    return `${labelOf(name)}: ${valueText(field, original[field], options)} → ${valueText(field, value, options)}`
  })
}

export interface ConflictLine {
  readonly label: string
  readonly base: string
  readonly mine: string
  readonly theirs: string
}

/** The fields that both have changed, side by side. */
export function conflictLines(
  { base, mine, theirs, fields: both }: DraftConflict<Project>,
  options: readonly LabelOption[],
): ConflictLine[] {
  return both.map((field) => ({
    label: labelOf(field),
    base: valueText(field, base[field], options),
    mine: valueText(field, mine[field], options),
    theirs: theirs ? valueText(field, theirs[field], options) : 'deleted',
  }))
}

/** What has happened, in a sentence. */
export function conflictText({ theirs, fields: both }: DraftConflict<Project>): string {
  if (!theirs) return 'Somebody else has deleted this project.'
  return both.length > 0
    ? 'Somebody else has changed the same fields.'
    : 'Somebody else has changed other fields. Both changes go together.'
}
