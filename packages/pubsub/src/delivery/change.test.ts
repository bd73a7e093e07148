import fc from 'fast-check'
import { expect, test } from 'vitest'
import { actionOf, changesLists, coalesce, type Change } from './change.js'

const change = (entityId: string, action: Change['action'], version?: number): Change => ({
  entityCode: 'project',
  entityId,
  action,
  lists: action !== 'UPDATE',
  ...(version !== undefined && { version }),
})

test('the actions of the log are heard as creation, update and deletion', () => {
  expect([1, 2, 3, 4, 5, 6, 7].map(actionOf)).toEqual([
    'UPDATE',
    'UPDATE',
    'UPDATE',
    'UPDATE',
    'DELETE',
    'CREATE',
    'UPDATE',
  ])
  expect([1, 2, 3, 4, 5, 6, 7].filter(changesLists)).toEqual([4, 5, 6, 7])
})

test('a row that was created and then edited was created; one that was deleted is deleted', () => {
  const run = [
    change('a', 'CREATE', 1),
    change('b', 'UPDATE', 7),
    change('a', 'UPDATE', 2),
    change('b', 'DELETE', 8),
  ]
  expect(coalesce(run)).toEqual([change('a', 'CREATE', 2), { ...change('b', 'DELETE', 8) }])
})

test('each entity is left once, with its highest version and its last fate', () => {
  const ids = fc.constantFrom('a', 'b', 'c')
  const actions = fc.constantFrom('CREATE', 'UPDATE', 'DELETE') as fc.Arbitrary<Change['action']>
  fc.assert(
    fc.property(fc.array(fc.tuple(ids, actions)), (steps) => {
      const run = steps.map(([id, action], version) => change(id, action, version))
      const left = coalesce(run)
      expect(left.map(({ entityId }) => entityId)).toEqual([...new Set(run.map(({ entityId }) => entityId))])
      for (const one of left) {
        const last = run.findLast(({ entityId }) => entityId === one.entityId)
        expect(one.version).toBe(last?.version)
        expect(one.action === 'DELETE').toBe(last?.action === 'DELETE')
      }
    }),
  )
})
