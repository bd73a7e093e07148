import { afterEach, expect, test, vi } from 'vitest'
import { calm, makeEntityWorld, type EntityWorld, type TestEntities } from '../../test/entityWorld.js'
import { draft } from '../entities.js'

let world: EntityWorld
const begin = async () => {
  world = makeEntityWorld()
  world.server.set('project', { id: '1', name: 'Harbour', stage: 'open' })
  return world.started()
}
const edit = async (entities: TestEntities) => {
  const edited = draft(entities, 'project', '1')
  edited.state$.subscribe()
  await edited.start()
  await calm()
  return edited
}
afterEach(async () => {
  vi.restoreAllMocks()
  await world.stop()
})

test('a draft has an original, what is current, and what has changed, by value', async () => {
  const entities = await begin()
  const edited = draft(entities, 'project', '1')
  edited.state$.subscribe()
  await calm()
  expect(edited.state$.current).toEqual({ name: 'none' })
  await edited.start()
  expect(edited.state$.current).toMatchObject({ name: 'editing', hasChanges: false, canUndo: false })
  edited.update({ name: 'Quay' })
  expect(edited.state$.current).toMatchObject({
    original: { name: 'Harbour' },
    current: { name: 'Quay', stage: 'open' },
    changes: { name: 'Quay' },
    hasChanges: true,
    canUndo: true,
  })
  edited.update({ name: 'Harbour' })
  expect(edited.state$.current).toMatchObject({ changes: {}, hasChanges: false, canUndo: true })
  edited.discard()
  expect(edited.state$.current).toEqual({ name: 'none' })
})

test('steps are undone and redone; typing on in one field is one step, and a new step ends redoing', async () => {
  const edited = await edit(await begin())
  const name = () => (edited.state$.current as { current?: { name: string } }).current?.name
  for (const typed of ['Q', 'Qu', 'Quay']) edited.update({ name: typed })
  await world.pass(2_000)
  edited.update({ name: 'Quay 2' })
  edited.update({ stage: 'done' })
  edited.undo()
  edited.undo()
  expect(name()).toBe('Quay')
  edited.undo()
  expect(edited.state$.current).toMatchObject({ hasChanges: false, canUndo: false, canRedo: true })
  edited.redo()
  expect(name()).toBe('Quay')
  edited.update({ stage: 'held' })
  expect(edited.state$.current).toMatchObject({ canRedo: false, changes: { name: 'Quay', stage: 'held' } })
})

test('a draft survives the end of the page with its undo steps, and is no other user’s', async () => {
  const entities = await begin()
  const edited = await edit(entities)
  edited.update({ name: 'Quay' })
  edited.update({ stage: 'done' })
  await calm()
  expect(edited.state$.current).toMatchObject({ durable: true })
  // The page is not stopped: it is gone.
  const again = draft(await world.started(), 'project', '1')
  again.state$.subscribe()
  await calm()
  expect(again.state$.current).toMatchObject({ name: 'editing', changes: { name: 'Quay', stage: 'done' } })
  again.undo()
  expect(again.state$.current).toMatchObject({ changes: { name: 'Quay' }, canUndo: true, canRedo: true })
  const other = draft(await world.started('user-b'), 'project', '1')
  other.state$.subscribe()
  await calm()
  expect(other.state$.current).toEqual({ name: 'none' })
})

test('what is written in the turn in which the page is stopped is kept', async () => {
  const entities = await begin()
  const edited = await edit(entities)
  edited.update({ name: 'Quay' })
  await entities.stop()
  expect(edited.state$.current).toBeUndefined()
  await entities.start('user-a')
  await calm()
  expect(edited.state$.current).toMatchObject({ changes: { name: 'Quay' } })
})

test('two tabs share a draft: columns of both stay, the last writer of one wins, and the other tab is told', async () => {
  const [a, b] = [await edit(await begin()), await edit(await world.started())]
  a.update({ name: 'Quay' })
  await calm()
  expect(b.state$.current).toMatchObject({ changes: { name: 'Quay' }, overwritten: [] })
  b.update({ stage: 'done' })
  await calm()
  expect(a.state$.current).toMatchObject({ changes: { name: 'Quay', stage: 'done' }, overwritten: [] })
  b.update({ name: 'Pier' })
  await calm()
  expect(a.state$.current).toMatchObject({ current: { name: 'Pier' }, overwritten: ['name'] })
  a.undo()
  await calm()
  expect(b.state$.current).toMatchObject({ current: { name: 'Quay' }, overwritten: ['name'] })
  expect(a.state$.current).toMatchObject({ overwritten: [] })
})

test('edits of two tabs in the same moment are all kept', async () => {
  const [a, b] = [await edit(await begin()), await edit(await world.started())]
  a.update({ name: 'Quay' })
  b.update({ stage: 'done' })
  await calm()
  for (const { state$ } of [a, b])
    expect(state$.current).toMatchObject({ changes: { name: 'Quay', stage: 'done' } })
})

test('saving sends what has changed and ends the edit', async () => {
  const entities = await begin()
  const edited = await edit(entities)
  edited.update({ name: 'Quay' })
  const saved = edited.save()
  await expect(saved).resolves.toMatchObject({ name: 'Quay', version: 2 })
  expect(edited.state$.current).toEqual({ name: 'none' })
  expect(world.server.rows.get('project')?.get('1')).toMatchObject({ name: 'Quay' })
  await expect(edited.save()).rejects.toMatchObject({ code: 'row-missing' })
})

test('what is written while saving goes on upon what was saved', async () => {
  const edited = await edit(await begin())
  edited.update({ name: 'Quay' })
  let open = (): void => undefined
  world.server.gate = new Promise((resolve) => (open = resolve))
  const saved = edited.save()
  await calm()
  expect(edited.state$.current).toMatchObject({ name: 'saving' })
  edited.update({ stage: 'done' })
  open()
  await saved
  expect(edited.state$.current).toMatchObject({
    name: 'editing',
    original: { name: 'Quay', version: 2 },
    changes: { stage: 'done' },
  })
  await edited.save()
  expect(world.server.rows.get('project')?.get('1')).toMatchObject({ name: 'Quay', stage: 'done' })
})

test('a save that fails keeps the edit', async () => {
  const edited = await edit(await begin())
  edited.update({ name: 'Mine' })
  world.server.failures.push(500)
  await expect(edited.save()).rejects.toMatchObject({ status: 500 })
  await calm()
  expect(edited.state$.current).toMatchObject({ name: 'editing', changes: { name: 'Mine' } })
})

test('R10: what cannot be stored stays on the page, says so, and is stored with the next step', async () => {
  const edited = await edit(await begin())
  vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(() => {
    throw new DOMException('The quota has been exceeded.', 'QuotaExceededError')
  })
  edited.update({ name: 'Mine' })
  await calm()
  expect(edited.state$.current).toMatchObject({ changes: { name: 'Mine' }, durable: false })
  expect(world.problems).toMatchObject([{ code: 'storage-full' }])
  vi.restoreAllMocks()
  edited.update({ stage: 'done' })
  await calm()
  expect(edited.state$.current).toMatchObject({ changes: { name: 'Mine', stage: 'done' }, durable: true })
})

test('an entity that is not there cannot be edited', async () => {
  const missing = draft(await begin(), 'project', '9')
  await expect(missing.start()).rejects.toMatchObject({ code: 'row-missing' })
  expect(() => missing.update({ name: 'Mine' })).toThrow(expect.objectContaining({ code: 'row-missing' }))
  world.server.failures.push(401)
  await expect(draft(await world.started(), 'project', '1').start()).rejects.toMatchObject({
    code: 'sign-in',
  })
})
