import { expect, test } from 'vitest'
import type { Persona } from '../tables/people.js'
import { languages } from './locale.js'
import { personaChoices } from './personaPicker.js'

const ui = { locale: 'en-GB', timeZone: 'Europe/Berlin', messages: languages.en }
const persona = (id: string, changes: Partial<Persona> = {}): Persona => ({
  id,
  user_id: 'ada',
  name: id,
  avatar_url: null,
  system_prompt: null,
  greeting: null,
  is_default: false,
  created_at: '2026-03-01T00:00:00Z',
  updated_at: '2026-03-01T00:00:00Z',
  ...changes,
})
const personas = [
  persona('coach', { greeting: 'Ready when you are.' }),
  persona('secretary', { is_default: true, greeting: 'Good morning.' }),
  persona('critic'),
]
const checked = (chosen: string | null | undefined, optional = true): (string | null)[] =>
  personaChoices(personas, { chosen, optional }, ui)
    .filter((choice) => choice.checked)
    .map(({ id }) => id)

test('the default assistant comes first, and each is described by what is known of it', () => {
  const choices = personaChoices(personas, { chosen: undefined, optional: false }, ui)
  expect(choices.map(({ id, about }) => [id, about])).toEqual([
    ['secretary', 'Default · Good morning.'],
    ['coach', 'Ready when you are.'],
    ['critic', ''],
  ])
})

test('none can be chosen only where that is allowed and there is somebody to choose', () => {
  expect(personaChoices(personas, { chosen: null, optional: true }, ui)[0]).toEqual({
    id: null,
    name: 'No assistant',
    about: '',
    checked: true,
  })
  expect(personaChoices([], { chosen: null, optional: true }, ui)).toEqual([])
})

test('exactly one is chosen: the one that was, none, or the default one when nothing was said or it is gone', () => {
  expect(checked('coach')).toEqual(['coach'])
  expect(checked(null)).toEqual([null])
  expect(checked(undefined)).toEqual(['secretary'])
  expect(checked('gone')).toEqual(['secretary'])
})
