import { afterEach, expect, test } from 'vitest'
import { z } from 'zod'
import { calm, makeEntityWorld, type EntityWorld } from '../../test/entityWorld.js'
import { createEntities } from '../entities.js'

const day = 86_400_000
let world: EntityWorld
const begin = async () => {
  world = makeEntityWorld()
  world.server.set('project', { id: '1', name: 'Harbour' })
  return world.started()
}
afterEach(() => world.stop())

test('a clock that is set back makes no answer good for longer', async () => {
  const entities = await begin()
  const stream = entities.entity('project', '1')
  const first = stream.subscribe()
  await calm()
  first.unsubscribe()
  world.jump(-day)
  stream.subscribe()
  await calm()
  expect(world.server.asked).toHaveLength(2)
  expect(stream.current).toMatchObject({ name: 'fresh', syncedAt: 1_000_000 - day })
})

test.each([-day, day])(
  'a clock that jumps by %i ms neither delays nor repeats the next try',
  async (jump) => {
    const entities = await begin()
    world.server.failures.push(503)
    const stream = entities.entity('project', '1')
    stream.subscribe()
    await calm()
    expect(stream.current?.name).toBe('waiting')
    world.jump(jump)
    await calm()
    expect(world.server.asked).toHaveLength(1)
    await world.pass(30_000)
    expect(stream.current).toMatchObject({ name: 'fresh', data: { name: 'Harbour' } })
    expect(world.server.asked).toHaveLength(2)
  },
)

test('a write is taken back in time, whatever the clock says', async () => {
  const entities = await begin()
  const stream = entities.entity('project', '1')
  stream.subscribe()
  await calm()
  world.server.gate = new Promise(() => undefined)
  const failed = expect(entities.entityMutation('project').update('1', { name: 'Pier' })).rejects.toThrow()
  world.jump(-day)
  await world.pass(30_000)
  await failed
  expect(stream.current).toMatchObject({ data: { name: 'Harbour' } })
})

test('what is stored and does not fit the declaration any more is reported, and not shown', async () => {
  const first = await begin()
  first.entity('project', '1').subscribe()
  await calm()
  await first.stop()
  world.server.failures.push(0)
  const problems: unknown[] = []
  const later = createEntities({
    name: world.name,
    types: { project: { row: z.object({ id: z.string(), name: z.string(), stage: z.enum(['open']) }) } },
    fetcher: world.server,
    ports: world.ports,
  })
  later.problem$.subscribe((problem) => problems.push(problem))
  await later.start('user-a')
  const stream = later.entity('project', '1')
  stream.subscribe()
  await calm()
  expect(stream.current).toMatchObject({ name: 'waiting', data: undefined })
  expect(problems).toMatchObject([{ code: 'row-invalid' }])
  await later.stop()
})
