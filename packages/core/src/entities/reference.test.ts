import { afterEach, expect, test } from 'vitest'
import { calm, makeEntityWorld, type EntityWorld } from '../../test/entityWorld.js'

let world: EntityWorld
const begin = async () => {
  world = makeEntityWorld()
  world.server.labels.set('project_stage', [{ value: 'open', label: 'Open', color: 'green' }])
  world.server.labels.set('entity-codes', [{ code: 'project', label: 'Project' }])
  world.server.labels.set('settings', { currency: 'EUR' })
  return world.started()
}
afterEach(() => world.stop())

test('a label’s values are fetched when they are watched, and then read synchronously', async () => {
  const entities = await begin()
  expect(entities.getDatalabelSync('project_stage')).toEqual([])
  entities.datalabel('project_stage').subscribe()
  await calm()
  expect(entities.getDatalabelSync('project_stage')).toEqual([
    { value: 'open', label: 'Open', color: 'green' },
  ])
})

test('after a restart they can be read as soon as it has started, offline too', async () => {
  const first = await begin()
  first.datalabel('project_stage').subscribe()
  first.entityCodes().subscribe()
  first.globalSettings().subscribe()
  await calm()
  await first.stop()
  world.server.gate = new Promise(() => undefined)
  const second = await world.started()
  expect(second.getDatalabelSync('project_stage')).toHaveLength(1)
  expect(second.entityCodes().current).toMatchObject({ data: [{ code: 'project' }] })
  expect(second.globalSettings().current).toMatchObject({ data: { currency: 'EUR' } })
  await second.start('user-b')
  expect(second.getDatalabelSync('project_stage')).toEqual([])
})

test('what is no list of values fails, and what was known stays', async () => {
  const entities = await begin()
  const stages = entities.datalabel('project_stage')
  stages.subscribe()
  await calm()
  world.server.labels.set('project_stage', 'maintenance')
  await world.pass(300_001)
  entities.datalabel('project_stage').subscribe()
  await calm()
  expect(stages.current).toMatchObject({ name: 'failed', error: { code: 'row-invalid' } })
  expect(entities.getDatalabelSync('project_stage')).toHaveLength(1)
})

test('where nothing can be stored, everything goes on in memory and drafts say that they do not last', async () => {
  await begin()
  const { createEntities, draft } = await import('../entities.js')
  const { types } = await import('../../test/entityWorld.js')
  const { browserPorts } = await import('../index.js')
  world.server.set('project', { id: '1', name: 'Harbour' })
  const broken = {
    open: () => {
      throw new DOMException('Storage is off.', 'SecurityError')
    },
  }
  const ports = { ...browserPorts, indexedDB: broken as unknown as IDBFactory }
  const entities = createEntities({ name: 'off', types, fetcher: world.server, ports })
  const problems: unknown[] = []
  entities.problem$.subscribe((problem) => problems.push(problem))
  await entities.start('user-a')
  expect(problems).toMatchObject([{ name: 'StorageError', code: 'storage-missing' }])
  const edited = draft(entities, 'project', '1')
  edited.state$.subscribe()
  await edited.start()
  edited.update({ name: 'Mine' })
  await calm()
  expect(edited.state$.current).toMatchObject({ changes: { name: 'Mine' }, durable: false })
  await entities.stop()
})
