import type { Persona } from '../tables/people.js'
import type { SyncUi } from './syncUi.js'

/** An assistant that can be chosen, or none. */
export interface PersonaChoice {
  /** `null` is the choice of none. */
  readonly id: string | null
  readonly name: string
  /** Whether it is the default one, and how it greets; empty when there is nothing to say. */
  readonly about: string
  readonly checked: boolean
}

export interface PersonaPick {
  /** The id of the one that is chosen, `null` for none; the default one when left out, or when it is gone. */
  readonly chosen: string | null | undefined
  /** Whether none can be chosen. */
  readonly optional: boolean
}

/** What can be chosen: first none, if that may be, then the default assistant, then the others as they come. */
export function personaChoices(
  personas: readonly Persona[],
  { chosen, optional }: PersonaPick,
  { messages }: SyncUi,
): readonly PersonaChoice[] {
  const words = messages.sync.personas
  const checked = checkedOf(personas, chosen)
  const nobody = { id: null, name: words.nobody, about: '', checked: checked === null }
  const standardFirst = [
    ...personas.filter(({ is_default }) => is_default),
    ...personas.filter(({ is_default }) => !is_default),
  ]
  const others = standardFirst.map(({ id, name, greeting, is_default }) => ({
    id,
    name,
    about: [is_default && words.standard, greeting].filter(Boolean).join(' · '),
    checked: checked === id,
  }))
  return optional && personas.length > 0 ? [nobody, ...others] : others
}

function checkedOf(
  personas: readonly Persona[],
  chosen: string | null | undefined,
): string | null | undefined {
  if (chosen === null || personas.some(({ id }) => id === chosen)) return chosen
  return personas.find(({ is_default }) => is_default)?.id
}
