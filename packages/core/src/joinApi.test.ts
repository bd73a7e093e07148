import 'fake-indexeddb/auto'
import { expect, onTestFinished, test } from 'vitest'
import { noon, putDay, startWindowTab, windowEvents } from '../test/windowWorld.js'
import { makeWorld, until } from '../test/world.js'
import { view } from './joinApi.js'

test('R1, R6: a join over a copy of a windowed table asks for the ranges that it shows', async () => {
  const world = makeWorld()
  putDay(world.remote, -30, 3)
  const { tide } = await startWindowTab(world.name, world.remote, world.ports, 25)
  onTestFinished(() => tide.stop())
  const texts = tide.view(view(windowEvents()).select(({ id }) => id))
  const rows = texts.rows$({ where: { at: { gte: noon(-30) - 1_000, lte: noon(-30) + 1_000 } } })
  rows.subscribe()
  await until('the day is there', () => rows.current?.length === 3)
  expect(rows.current?.toSorted()).toEqual(['-30.0', '-30.1', '-30.2'])
})
