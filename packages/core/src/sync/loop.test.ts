import { expect, test } from 'vitest'
import { expired, offline, refused } from '../../test/memoryRemote.js'
import { makeLoop } from '../../test/loopDriver.js'
import { RemoteError } from '../remote/errors.js'

test('a round runs when it is woken, and the loop is idle again when it ends', async () => {
  const { loop, rounds, names } = makeLoop()
  expect(loop.state.name).toBe('idle')
  loop.wake()
  expect(names).toEqual(['running'])
  await rounds[0]?.end()
  expect(names).toEqual(['running', 'idle'])
  expect(rounds).toHaveLength(1)
})

test('what wakes it during a round starts one more, however often it did', async () => {
  const { loop, rounds } = makeLoop()
  loop.wake()
  loop.wake()
  loop.wake(true)
  expect(rounds).toHaveLength(1)
  await rounds[0]?.end()
  expect(rounds).toHaveLength(2)
  await rounds[1]?.end()
  expect(rounds).toHaveLength(2)
  expect(loop.state.name).toBe('idle')
})

test('a failure waits longer each time, up to the cap, and a success starts anew', async () => {
  const { loop, rounds, pass } = makeLoop()
  loop.wake()
  for (const wait of [500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000]) {
    const { length } = rounds
    await rounds.at(-1)?.fail(offline())
    expect(loop.state).toMatchObject({ name: 'waiting', error: { code: 'offline' } })
    await pass(wait - 1)
    expect(rounds).toHaveLength(length)
    await pass(1)
    expect(rounds).toHaveLength(length + 1)
  }
  await rounds.at(-1)?.end()
  loop.wake()
  await rounds.at(-1)?.fail(offline())
  expect(loop.state).toMatchObject({ name: 'waiting', until: 1_000 + 45_500 + 500 })
})

test('a server that names a time is not asked before', async () => {
  const { loop, rounds, pass } = makeLoop()
  loop.wake()
  await rounds[0]?.fail(new RemoteError({ status: 429, message: 'Slow down', retryAfter: 20_000 }))
  expect(loop.state).toMatchObject({ name: 'waiting', error: { code: 'server-busy', status: 429 } })
  await pass(19_999)
  expect(rounds).toHaveLength(1)
  await pass(1)
  expect(rounds).toHaveLength(2)
})

test('more work does not shorten a wait; a changed situation ends it, once', async () => {
  const { loop, rounds, pass } = makeLoop()
  loop.wake()
  await rounds[0]?.fail(offline())
  loop.wake()
  expect(rounds).toHaveLength(1)
  loop.wake(true)
  expect(rounds).toHaveLength(2)
  await rounds[1]?.end()
  await pass(60_000)
  expect(rounds).toHaveLength(2)
})

test('a changed situation begins the backoff anew', async () => {
  const { loop, rounds, pass } = makeLoop()
  loop.wake()
  for (const wait of [500, 1_000, 2_000]) {
    await rounds.at(-1)?.fail(offline())
    await pass(wait)
  }
  await rounds.at(-1)?.fail(offline())
  loop.wake(true)
  await rounds.at(-1)?.fail(offline())
  expect(loop.state).toMatchObject({ name: 'waiting', until: 1_000 + 3_500 + 500 })
})

test('while held nothing is started, what runs may end, and it goes on when it is let go', async () => {
  const { loop, rounds, pass, names } = makeLoop()
  loop.hold(true)
  loop.wake(true)
  expect([loop.state.name, rounds.length]).toEqual(['held', 0])
  loop.hold(false)
  expect(rounds).toHaveLength(1)
  loop.hold(true)
  loop.wake()
  expect(loop.state.name).toBe('running')
  await rounds[0]?.end()
  expect([loop.state.name, rounds.length]).toEqual(['held', 1])
  loop.hold(false)
  await rounds[1]?.fail(offline())
  expect(loop.state.name).toBe('waiting')
  loop.hold(true)
  await pass(60_000)
  expect([loop.state.name, rounds.length]).toEqual(['held', 2])
  expect(names.filter((name) => name === 'running')).toHaveLength(2)
})

test('a round that fails while held waits for the network, not for a backoff', async () => {
  const { loop, rounds, pass } = makeLoop()
  loop.wake()
  loop.hold(true)
  await rounds[0]?.fail(offline())
  await pass(60_000)
  expect([loop.state.name, rounds.length]).toEqual(['held', 1])
})

test('R8: an expired session is renewed once and the round made again', async () => {
  let refreshes = 0
  const { loop, rounds, names } = makeLoop(() => Promise.resolve((refreshes += 1) > 0))
  loop.wake()
  await rounds[0]?.fail(expired())
  expect([rounds.length, refreshes, loop.state.name]).toEqual([2, 1, 'running'])
  await rounds[1]?.fail(expired())
  expect([rounds.length, refreshes, loop.state.name]).toEqual([2, 1, 'sign-in'])
  expect(names).toEqual(['running', 'sign-in'])
})

test('R8: a session that cannot be renewed waits for a sign-in, whatever wakes the loop', async () => {
  const { loop, rounds, pass } = makeLoop()
  loop.wake()
  await rounds[0]?.fail(expired())
  expect(loop.state.name).toBe('sign-in')
  loop.wake(true)
  loop.hold(true)
  loop.hold(false)
  await pass(600_000)
  expect([loop.state.name, rounds.length]).toEqual(['sign-in', 1])
  loop.resume()
  expect([loop.state.name, rounds.length]).toEqual(['running', 2])
})

test('a renewal that fails is retried like everything else', async () => {
  const { loop, rounds, pass } = makeLoop(() => Promise.reject(offline()))
  loop.wake()
  await rounds[0]?.fail(expired())
  expect(loop.state).toMatchObject({ name: 'waiting', error: { code: 'offline' } })
  await pass(500)
  expect(rounds).toHaveLength(2)
})

test('nobody signed in: the running round may end, and the next one waits for the sign-in', async () => {
  const { loop, rounds, pass } = makeLoop()
  loop.wake()
  loop.suspend()
  loop.wake()
  await rounds[0]?.end()
  expect([loop.state.name, rounds.length]).toEqual(['sign-in', 1])
  loop.resume()
  await rounds[1]?.fail(offline())
  loop.suspend()
  await pass(60_000)
  expect([loop.state.name, rounds.length]).toEqual(['sign-in', 2])
})

test('a stopped loop starts nothing any more', async () => {
  const { loop, rounds, pass } = makeLoop()
  loop.wake()
  await rounds[0]?.fail(refused())
  loop.stop()
  loop.wake(true)
  loop.hold(true)
  loop.hold(false)
  loop.suspend()
  loop.resume()
  await pass(60_000)
  expect([loop.state.name, rounds.length]).toEqual(['stopped', 1])
})
