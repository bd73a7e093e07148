import { expect, test } from 'vitest'
import { exampleEvent, exampleUi } from '../../test/exampleEvent.js'
import { chosen, conflictPart, conflictRows, fieldList } from './conflict.js'
import { comparedFields, conflictsOf, mergeDraft } from './draftMerge.js'
import { draftOf } from './eventDraft.js'

const zone = 'Europe/Berlin'
const ui = exampleUi()
const base = draftOf(exampleEvent(), zone)
const names = { calendars: [{ id: 'c1', name: 'Work', color: 'blue' }], categories: [] }

test('every field says both versions in words', () => {
  const mine = { ...base, title: '', agenda: 'Plan', calendar_id: 'c1' }
  const theirs = { ...base, private: true, show_time_as: 'oof' as const, startTime: '', ai_managed: true }
  const rows = conflictRows({ base, mine, theirs }, comparedFields, ui, names)
  const said = Object.fromEntries(rows.map(({ field, mine, theirs }) => [field, `${mine} | ${theirs}`]))
  expect(said).toMatchObject({
    title: '(No title) | Review',
    agenda: 'Plan | Empty',
    private: 'No | Yes',
    calendar_id: 'Work | None',
    show_time_as: 'Busy | Out of office',
    time_defense_level: 'Normal protection | Normal protection',
    ai_managed: 'No | Yes',
  })
  expect(said.when).toMatch(/^2 Mar 2026, 10:00.10:30 \| Not known$/u)
  expect(fieldList(['title', 'when'], ui)).toBe('Title and When')
})

test('what was written here holds until the user chooses otherwise, one by one or all at once', () => {
  const part = conflictPart()
  const rows = conflictRows({ base, mine: base, theirs: base }, ['title', 'agenda'], ui, names)
  expect(part.kept(rows)).toEqual(['title', 'agenda'])
  part.choose('title', 'theirs')
  expect(part.kept(rows)).toEqual(['agenda'])
  part.chooseAll(rows, 'theirs')
  expect(part.kept(rows)).toEqual([])
  expect(chosen(part.choices$.current, 'agenda')).toBe('theirs')
})

test('the parts of a time are one: a start moved here and an end moved there are a conflict', () => {
  const mine = { ...base, startTime: '09:30' }
  const merged = mergeDraft({ base, mine, theirs: base }, { ...base, endTime: '11:00' })
  expect(conflictsOf(merged)).toEqual(['when'])
  expect(merged.mine).toEqual(mine)
})

test('the same change on both sides is no conflict', () => {
  const changed = { ...base, title: 'Same' }
  expect(conflictsOf(mergeDraft({ base, mine: changed, theirs: base }, changed))).toEqual([])
})
