import { expect, test } from 'vitest'
import { virtualPorts } from '../../test/virtualPorts.js'
import { Shared } from './shared.js'

function makeShared() {
  const { ports, pass } = virtualPorts()
  const dropped: string[] = []
  let made = 0
  const shared = new Shared<string>(ports, (value) => dropped.push(value))
  return {
    shared,
    dropped,
    pass,
    acquire: (key: string) => shared.acquire(key, () => `${key} ${(made += 1)}`),
  }
}

test('equal askers share one thing', () => {
  const { acquire, shared } = makeShared()
  expect([acquire('a').view, acquire('a').view, acquire('b').view]).toEqual(['a 1', 'a 1', 'b 2'])
  expect(shared.values()).toEqual(['a 1', 'b 2'])
})

test('a thing is kept a few seconds after its last user has left, and then dropped', async () => {
  const { acquire, shared, dropped, pass } = makeShared()
  const [first, second] = [acquire('a'), acquire('a')]
  first.release()
  first.release()
  await pass(60_000)
  expect(shared.peek('a')).toBe('a 1')
  second.release()
  await pass(4_999)
  expect([shared.peek('a'), dropped]).toEqual(['a 1', []])
  await pass(1)
  expect([shared.peek('a'), dropped]).toEqual([undefined, ['a 1']])
})

test('who comes back in time finds it warm, and it stays', async () => {
  const { acquire, dropped, pass } = makeShared()
  acquire('a').release()
  await pass(4_000)
  expect(acquire('a').view).toBe('a 1')
  await pass(60_000)
  expect(dropped).toEqual([])
})

test('what was dropped for a failure is made anew, and its late users do not take the new one with them', async () => {
  const { acquire, shared, dropped, pass } = makeShared()
  const failed = acquire('a')
  shared.drop('a', failed.view)
  expect(acquire('a').view).toBe('a 2')
  failed.release()
  await pass(60_000)
  expect([shared.peek('a'), dropped]).toEqual(['a 2', ['a 1']])
  shared.clear()
  expect([shared.values(), dropped]).toEqual([[], ['a 1', 'a 2']])
})
