import fc from 'fast-check'
import { expect, test } from 'vitest'
import { mutation } from '../../test/outboxModel.js'
import type { Columns } from '../base/json.js'
import type { Mutation, Parked } from '../outbox/mutation.js'
import { applyPatches } from '../outbox/patches.js'
import type { Key } from '../schema/key.js'
import { Overlay, type Change } from './overlay.js'

const keys = ['T1', 'T2', 'T3'] as const
const error = { code: 'refused', message: 'No.' } as const

/** What an overlay should say, kept in the plainest way. */
class Model {
  readonly bases = new Map<string, Columns>()
  pending: Mutation[] = []
  parked: Parked[] = []

  visible(key: string): Columns | null {
    const pending = this.pending.filter((one) => one.key === key)
    const parked = this.parked.filter((one) => one.mutation.key === key)
    const row = applyPatches(this.bases.get(key) ?? null, pending)
    return (
      row && {
        ...row,
        ...(pending.length > 0 && { _pending: true }),
        ...(parked.length > 0 && { _error: error }),
      }
    )
  }

  isHeld(key: string): boolean {
    return [...this.pending, ...this.parked.map((one) => one.mutation)].some((one) => one.key === key)
  }

  all(): Record<string, Columns | null> {
    return Object.fromEntries(keys.map((key) => [key, this.visible(key)]))
  }
}

type Step = (overlay: Overlay, model: Model) => Change[]
const baseOf = (model: Model) => (_table: string, key: Key) => model.bases.get(String(key)) ?? null
const columns = fc.record({ title: fc.nat(3), rank: fc.nat(3) }, { requiredKeys: [] })
const key = fc.constantFrom(...keys)
const writes = fc
  .record({ key, op: fc.constantFrom('insert', 'update', 'update', 'delete') })
  .chain(({ key, op }) =>
    columns.map((patch) => ({
      key,
      op: op as Mutation['op'],
      patch: op === 'delete' ? {} : { id: key, ...patch },
    })),
  )

const adds = fc.array(writes, { minLength: 1, maxLength: 3 }).map((list): Step => (overlay, model) => {
  const mutations = list.map((one) => mutation(one))
  model.pending.push(...mutations)
  return overlay.add(mutations, baseOf(model))
})
const removes = fc.array(fc.nat(9), { maxLength: 3 }).map((picks): Step => (overlay, model) => {
  const ids = picks.map((pick) => model.pending[pick]?.id ?? 'unknown')
  model.pending = model.pending.filter(({ id }) => !ids.includes(id))
  return overlay.remove(ids)
})
const replaces = fc.tuple(fc.nat(9), columns).map(([pick, patch]): Step => (overlay, model) => {
  const old = model.pending[pick]
  if (!old) return overlay.replace([mutation({ id: 'unknown', patch })])
  const next = { ...old, patch: { id: old.key, ...patch } }
  model.pending[pick] = next
  return overlay.replace([next])
})
const rebases = fc
  .array(fc.tuple(key, fc.option(columns)), { maxLength: 3 })
  .map((list): Step => (overlay, model) => {
    const rows = list.map(([key, row]) => ({ table: 'tasks', key, row: row && { id: key, ...row } }))
    for (const { key, row } of rows)
      if (row) model.bases.set(key, row)
      else model.bases.delete(key)
    return overlay.rebase(rows)
  })
const parks = fc.array(writes, { maxLength: 2 }).map((list): Step => (overlay, model) => {
  model.parked = list.map((one, at) => ({ id: `p${at}`, mutation: mutation(one), error, waiting: [], at }))
  return overlay.setParked(model.parked, baseOf(model))
})
const steps = fc.array(fc.oneof(adds, removes, replaces, rebases, parks), { maxLength: 20, size: 'max' })

test('R3: after any sequence of events a row shows what the server said with the patches on top', () => {
  fc.assert(
    fc.property(steps, (list) => {
      const [overlay, model] = [new Overlay(), new Model()]
      for (const step of list) {
        step(overlay, model)
        const held = keys.filter((one) => model.isHeld(one))
        for (const one of held) expect(overlay.visible('tasks', one)).toEqual(model.visible(one))
        expect([...overlay.of('tasks')].map(([id]) => id).sort()).toEqual(held)
        expect(overlay.mutations()).toEqual(model.pending)
        expect(overlay.size).toBe(model.pending.length)
      }
    }),
  )
})

test('every row that looks different is told of, as it looks now', () => {
  fc.assert(
    fc.property(steps, (list) => {
      const [overlay, model] = [new Overlay(), new Model()]
      const seen = model.all()
      for (const step of list) {
        for (const { id, row } of step(overlay, model)) seen[id] = row
        expect(seen).toEqual(model.all())
      }
    }),
  )
})

test('R2: what could not be stored is taken back without a trace', () => {
  fc.assert(
    fc.property(steps, fc.array(writes, { minLength: 1, maxLength: 3 }), (list, refused) => {
      const [overlay, model] = [new Overlay(), new Model()]
      for (const step of list) step(overlay, model)
      const before = [...overlay.of('tasks')]
      const mutations = refused.map((one) => mutation(one))
      overlay.add(mutations, baseOf(model))
      overlay.remove(mutations.map(({ id }) => id))
      expect([...overlay.of('tasks')].sort()).toEqual(before.sort())
      expect(overlay.mutations()).toEqual(model.pending)
    }),
  )
})

test('a row of another table with the same key is another row', () => {
  const overlay = new Overlay()
  overlay.add([mutation({ key: 'x', op: 'insert', columns: { id: 'x' } })], () => null)
  expect(overlay.visible('lists', 'x')).toBeUndefined()
  expect(overlay.base('lists', 'x')).toBeUndefined()
  expect([overlay.visible('tasks', 'x'), overlay.base('tasks', 'x')]).toEqual([
    { id: 'x', _pending: true },
    null,
  ])
})
