import fc from 'fast-check'
import { expect, test } from 'vitest'
import { currentOf, nextDraft, type DraftRecord, type DraftStep } from './draftRecord.js'

const original = { id: '1', name: 'Harbour', size: 1, tags: ['a'] as unknown }
const values = fc
  .record(
    {
      name: fc.constantFrom('Harbour', 'Quay', ''),
      size: fc.constantFrom(1, 2, null),
      tags: fc.constantFrom(['a'], ['a', 'b']),
    },
    { requiredKeys: [] },
  )
  .filter((columns) => Object.keys(columns).length > 0)
const steps = fc.array(
  fc.oneof(
    values.map((set): DraftStep => ({ name: 'set', values: set })),
    fc.constantFrom<DraftStep>({ name: 'undo' }, { name: 'redo' }),
  ),
  { maxLength: 30 },
)
const begun = (): DraftRecord => {
  const draft = nextDraft(undefined, { name: 'start', original, tag: '1' }, { writer: 'a', at: 0 })
  if (!draft) throw new Error('It was not begun.')
  return draft
}
/** Steps a minute apart, so that none is more of the one before. */
const run = (done: readonly DraftStep[], from = begun()): DraftRecord =>
  done.reduce(
    (draft, step, n) => nextDraft(draft, step, { writer: 'a', at: (n + 1) * 60_000 }) ?? draft,
    from,
  )

test('undoing everything leads back to the original, and redoing everything to where it was', () => {
  fc.assert(
    fc.property(steps, (done) => {
      const draft = run(done)
      const undone = run(
        draft.undo.map((): DraftStep => ({ name: 'undo' })),
        draft,
      )
      expect(currentOf(undone)).toEqual(original)
      expect(undone.changes).toEqual({})
      const redone = run(
        draft.undo.map((): DraftStep => ({ name: 'redo' })),
        undone,
      )
      expect(currentOf(redone)).toEqual(currentOf(draft))
    }),
  )
})

test('the changes are what differs from the original by value, and no more', () => {
  fc.assert(
    fc.property(steps, (done) => {
      const draft = run(done)
      const current = currentOf(draft)
      for (const [name, value] of Object.entries(draft.changes))
        expect(value).not.toEqual(original[name as keyof typeof original])
      for (const name of Object.keys(original))
        if (!(name in draft.changes)) expect(current).toHaveProperty(name)
    }),
  )
})

test('a hundred steps can be undone, and each holds no more than what it changed', () => {
  const draft = run(
    Array.from({ length: 150 }, (_, n): DraftStep => ({ name: 'set', values: { size: n + 2 } })),
  )
  expect(draft.undo).toHaveLength(100)
  expect(draft.undo.at(-1)).toEqual({ size: 150 })
})

test('a step of a draft that another tab has ended begins nothing', () => {
  for (const step of [{ name: 'set', values: { size: 2 } }, { name: 'undo' }, { name: 'redo' }] as const)
    expect(nextDraft(undefined, step, { writer: 'a', at: 0 })).toBeUndefined()
})

test('starting again goes on with what is there', () => {
  const draft = run([{ name: 'set', values: { size: 2 } }])
  expect(nextDraft(draft, { name: 'start', original, tag: '2' }, { writer: 'b', at: 1 })).toBe(draft)
})
