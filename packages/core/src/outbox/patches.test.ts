import { expect, test } from 'vitest'
import { mutation } from '../../test/outboxModel.js'
import { applyPatches } from './patches.js'

const base = { id: 'T1', title: 'server', rank: 1 }

test('R3: what is visible is the row of the server with the patches on top, the newest last', () => {
  const patches = [mutation({ columns: { title: 'a', note: 'x' } }), mutation({ columns: { title: 'b' } })]
  expect(applyPatches(base, patches)).toEqual({ id: 'T1', title: 'b', rank: 1, note: 'x' })
  expect(base).toEqual({ id: 'T1', title: 'server', rank: 1 })
})

test('without patches the row of the server is shown as it is, the same object', () => {
  expect(applyPatches(base, [])).toBe(base)
  expect(applyPatches(null, [])).toBeNull()
})

test('R3: a patch on a row that the server has deleted shows nothing', () => {
  expect(applyPatches(null, [mutation({ columns: { title: 'a' } })])).toBeNull()
})

test('a deleted row is gone until it is inserted again', () => {
  const gone = mutation({ op: 'delete' })
  const again = mutation({ op: 'insert', columns: { id: 'T1', title: 'new' } })
  expect(applyPatches(base, [gone])).toBeNull()
  expect(applyPatches(base, [gone, mutation({ columns: { title: 'late' } })])).toBeNull()
  expect(applyPatches(base, [gone, again])).toEqual({ id: 'T1', title: 'new' })
})

test('when the server tells of our own insert, its computed columns win over what stood in for them', () => {
  const insert = mutation({ op: 'insert', columns: { id: 'T1', title: 'mine', total: 0 }, local: ['total'] })
  expect(applyPatches(null, [insert])).toEqual({ id: 'T1', title: 'mine', total: 0 })
  expect(applyPatches({ id: 'T1', title: 'mine', total: 9 }, [insert])).toEqual({
    id: 'T1',
    title: 'mine',
    total: 9,
  })
})
