import { expect, test } from 'vitest'
import { changeLines, conflictLines, conflictText, setField } from './fields.ts'
import type { Project } from './texts.ts'

const base: Project = {
  id: '7d9e9c3c-2a53-4f5c-9f0e-0d7f6c6f2a10',
  owner_id: '11111111-1111-4111-8111-111111111111',
  shared_with: [],
  name: 'Pier',
  stage: 'planned',
  budget: null,
  due: null,
  version: 1,
  updated_at: '2026-01-01T00:00:00Z',
}
const options = [
  { value: 'planned', label: 'Planned' },
  { value: 'active', label: 'Active' },
]

test('what is typed becomes a value of the field, and nothing becomes null', () => {
  const set: unknown[] = []
  const edit = { updateField: (field: string, value: unknown) => set.push([field, value]) }
  setField(edit, 'name', 'Quay')
  setField(edit, 'budget', '12.5')
  setField(edit, 'budget', '')
  setField(edit, 'due', '2026-09-01')
  setField(edit, 'due', '')
  expect(set).toEqual([
    ['name', 'Quay'],
    ['budget', 12.5],
    ['budget', null],
    ['due', '2026-09-01'],
    ['due', null],
  ])
})

test('changes are told with labels, and a stage that has none by its value', () => {
  expect(changeLines(base, { name: 'Quay', stage: 'active' }, options)).toEqual([
    'Name: Pier → Quay',
    'Stage: Planned → Active',
  ])
  expect(changeLines(base, { stage: 'sunk' }, options)).toEqual(['Stage: Planned → sunk'])
})

test('a conflict shows the fields that both have changed, side by side', () => {
  const mine = { ...base, name: 'Quay', stage: 'active' }
  const conflict = { base, mine, theirs: { ...base, name: 'Wharf' }, fields: ['name'] as const }
  expect(conflictLines(conflict, options)).toEqual([
    { label: 'Name', base: 'Pier', mine: 'Quay', theirs: 'Wharf' },
  ])
  expect(conflictText(conflict)).toMatch('the same fields')
  expect(conflictText({ ...conflict, fields: [] })).toMatch('Both changes go together')
  expect(conflictText({ ...conflict, theirs: null })).toMatch('deleted')
})
