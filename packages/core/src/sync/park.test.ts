import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ModelServer, mutation, offlineQueues } from '../../test/outboxModel.js'
import { coalesce, dependsOn } from '../outbox/coalesce.js'
import type { Mutation } from '../outbox/mutation.js'
import { parkingOf } from './park.js'

const error = { code: 'refused', message: 'No.' } as const
const park = (mutations: readonly Mutation[], pending: readonly Mutation[]) =>
  parkingOf({ mutations }, error, pending, 99)
const idsOf = (mutations: readonly Mutation[] | undefined) => mutations?.map(({ id }) => id)

const list = mutation({ id: 'list', table: 'lists', key: 'L1', op: 'insert', columns: { id: 'L1' } })
const task = mutation({ id: 'task', key: 'T1', op: 'insert', columns: { id: 'T1', list_id: 'L1' } })
const rename = mutation({ id: 'rename', key: 'T1', columns: { title: 'a' } })
const other = mutation({ id: 'other', key: 'T2', op: 'insert', columns: { id: 'T2', list_id: 'L2' } })

test('R5: what depends on a refused insert waits with it, through each other, and the rest goes on', () => {
  const { park: parked, settle } = park([list], [list, task, other, rename])
  expect(parked).toEqual([{ id: 'list', mutation: list, error, waiting: [task, rename], at: 99 }])
  expect(settle).toEqual(['list', 'task', 'rename'])
})

test('R5: a refused update keeps nothing waiting: what was written later stands by itself', () => {
  expect(park([rename], [rename, mutation({ key: 'T1', columns: { title: 'b' } })]).park[0]?.waiting).toEqual(
    [],
  )
})

test('R5: an insert of the same key waits for a refused delete', () => {
  const gone = mutation({ id: 'gone', op: 'delete' })
  const again = mutation({ id: 'again', op: 'insert', columns: { id: 'T1' } })
  expect(idsOf(park([gone], [gone, again, other]).park[0]?.waiting)).toEqual(['again'])
})

test('R5: a group is refused as one', () => {
  const first = mutation({ id: 'first', key: 'T1', columns: { title: 'a' }, group: 'g' })
  const second = mutation({ id: 'second', key: 'T2', columns: { title: 'b' }, group: 'g' })
  expect(idsOf(park([first], [first, other, second]).park[0]?.waiting)).toEqual(['second'])
})

test('columns that are never sent make nothing wait', () => {
  const shown = mutation({ key: 'T9', columns: { shown: 'L1' }, local: ['shown'] })
  expect(dependsOn(shown, list)).toBe(false)
  expect(dependsOn(mutation({ key: 'T9', columns: { list_id: 'L1' } }), list)).toBe(true)
})

test('an entry of several mutations is parked as what they come down to, and all of them leave the outbox', () => {
  const { park: parked, settle } = park([task, rename], [list, task, rename])
  expect(parked[0]).toMatchObject({
    id: 'task',
    mutation: { op: 'insert', patch: { list_id: 'L1', title: 'a' } },
  })
  expect(settle).toEqual(['task', 'rename'])
  expect(park([], [list])).toEqual({ park: [], settle: [] })
})

test('R5: whatever leaves with a refused insert, the rest finds every row that it speaks of', () => {
  fc.assert(
    fc.property(offlineQueues, fc.nat(), ({ before, mutations }, choice) => {
      const { outgoing } = coalesce(mutations)
      const inserts = outgoing.filter(({ op }) => op === 'insert')
      const entry = inserts[choice % inserts.length]
      fc.pre(entry !== undefined)
      const pending = mutations.filter((one) => outgoing.some((sent) => sent.mutations.includes(one)))
      const { park: parked, settle } = park(entry.mutations, pending)
      const kept = [...entry.mutations, ...(parked[0]?.waiting ?? [])]
      expect(new Set(settle)).toEqual(new Set(idsOf(kept)))
      const server = new ModelServer(before)
      for (const sent of coalesce(pending.filter((one) => !kept.includes(one))).outgoing) {
        const refusal = server.refusal(sent)
        expect(['there is no such row', 'there is no such list']).not.toContain(refusal)
        if (refusal === undefined) server.apply(sent)
      }
    }),
    { numRuns: 500 },
  )
})

test('R5: of a group, what was written before the refused write goes before it again, and nothing lies in between', () => {
  const made = { ...list, group: 'g' }
  const filled = { ...task, group: 'g' }
  const last = mutation({ id: 'last', key: 'T3', op: 'insert', columns: { id: 'T3' }, group: 'g' })
  // Written later, and sent again before the group was.
  const gone = mutation({ id: 'gone', key: 'T3', op: 'delete' })
  const [parked] = park([filled], [gone, made, filled, last]).park
  expect(idsOf(parked?.waiting)).toEqual(['list', 'last', 'gone'])
  expect(parked?.ahead).toBe(1)
  expect(park([list], [list, task]).park[0]).not.toHaveProperty('ahead')
})
