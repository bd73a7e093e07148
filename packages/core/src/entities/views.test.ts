import { afterEach, expect, test } from 'vitest'
import { makeEntityWorld, type EntityWorld, type types } from '../../test/entityWorld.js'
import {
  codesView,
  draft,
  draftActions,
  draftView,
  entityView,
  entityWrites,
  labelView,
  listView,
  settingsView,
  type RowOfType,
} from '../entities.js'

type Project = RowOfType<typeof types, 'project'>
const views = { entityView, listView, labelView, codesView, settingsView, draftView }
const syncedAt = 7
let world: EntityWorld | undefined
afterEach(() => world?.stop())

test.each(Object.entries(views))('%s of what is not known yet reads as loading', (_, view) => {
  expect(view()).toMatchObject({ state: { name: 'loading' } })
})

test('a page that is fetched again still shows its rows and how many there are in all', () => {
  const data = { rows: [{ id: '1' }], total: 21 }
  expect(listView({ name: 'stale', data, syncedAt })).toMatchObject({
    data: data.rows,
    total: 21,
    isLoading: false,
  })
})

test('a draft without changes is a draft; none has nothing to undo', () => {
  const none = draftView({ name: 'none' })
  expect(none).toMatchObject({ hasDraft: false, currentData: undefined, changes: {}, canUndo: false })
  const row = { id: '1' }
  const editing = {
    original: row,
    current: row,
    changes: {},
    hasChanges: false,
    canUndo: false,
    canRedo: true,
    durable: true,
    overwritten: [],
  }
  const conflict = { base: row, mine: row, theirs: null, fields: [] }
  expect(draftView({ ...editing, name: 'editing' })).toMatchObject({ hasDraft: true, conflict: undefined })
  expect(draftView({ ...editing, name: 'conflict', conflict })).toMatchObject({
    currentData: row,
    canRedo: true,
    conflict,
  })
})

/** Runs work as the adapters do, and keeps why it failed. */
function runner<R>() {
  const failures: unknown[] = []
  const run = (work: () => Promise<R>) =>
    work().catch((error: unknown) => {
      failures.push(error)
      return undefined
    })
  return { run, failures }
}

test('writes of a component resolve with what failed left out, and tell the runner why', async () => {
  world = makeEntityWorld()
  world.server.set('project', { id: '1', name: 'Harbour', stage: 'open' })
  const entities = await world.started()
  const [writing, removing] = [runner<Project>(), runner<boolean>()]
  const writes = entityWrites(entities.entityMutation('project'), writing, removing)
  expect(await writes.updateEntity('1', { name: 'Quay' })).toMatchObject({ name: 'Quay' })
  world.server.failures.push(403, 403)
  expect(await writes.updateEntity('1', { name: 'Pier' })).toBeUndefined()
  expect(await writes.deleteEntity('1')).toBe(false)
  expect([...writing.failures, ...removing.failures]).toMatchObject([{ status: 403 }, { status: 403 }])
  expect(await writes.deleteEntity('1')).toBe(true)
})

test('what a form does is done to whichever draft is shown then', async () => {
  world = makeEntityWorld()
  for (const id of ['1', '2']) world.server.set('project', { id, name: `Project ${id}`, stage: 'open' })
  const entities = await world.started()
  let id = '1'
  const saving = runner<Project>()
  const form = draftActions(() => draft(entities, 'project', id), runner<boolean>(), saving)
  expect(await form.startEdit()).toBe(true)
  form.updateField('name', 'Sea wall')
  id = 'missing'
  expect(await form.startEdit()).toBe(false)
  expect(await form.save()).toBeUndefined()
  expect(saving.failures).toMatchObject([{ code: 'row-missing' }])
  id = '1'
  expect(await form.save()).toMatchObject({ name: 'Sea wall' })
})
