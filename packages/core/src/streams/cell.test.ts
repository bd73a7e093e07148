import { expect, test } from 'vitest'
import { Turn, Watchers } from './cell.js'

const turnEnds = (): Promise<void> => Promise.resolve()

test('watchers are told once at the end of a turn, however often something changed', async () => {
  const watchers = new Watchers(new Turn())
  let told = 0
  watchers.add(() => (told += 1))
  for (let change = 0; change < 100; change += 1) watchers.changed()
  expect(told).toBe(0)
  await turnEnds()
  expect(told).toBe(1)
  watchers.changed()
  await turnEnds()
  expect(told).toBe(2)
})

test('one function may watch twice, and stops once for each', async () => {
  const watchers = new Watchers(new Turn())
  let told = 0
  const watcher = (): void => void (told += 1)
  const stop = watchers.add(watcher)
  watchers.add(watcher)
  stop()
  stop()
  watchers.changed()
  await turnEnds()
  expect(told).toBe(1)
})

test('what changes while watchers are told is told in the next turn', async () => {
  const turn = new Turn()
  const [first, second] = [new Watchers(turn), new Watchers(turn)]
  const told: string[] = []
  first.add(() => {
    told.push('first')
    if (told.length === 1) second.changed()
  })
  second.add(() => told.push('second'))
  first.changed()
  await turnEnds()
  await turnEnds()
  expect(told).toEqual(['first', 'second'])
})
