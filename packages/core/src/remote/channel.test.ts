import { BehaviorSubject } from 'rxjs'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { browserPorts } from '../base/browserPorts.js'
import { superviseChannel, type ChannelWord } from './channel.js'
import { RemoteError } from './errors.js'
import type { ChannelState } from './remote.js'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

interface Opened {
  readonly say: (word: ChannelWord) => void
  closed: boolean
}

/** A supervisor over channels that the test speaks for. `fails`: so many openings fail. */
async function supervise({ fails = 0, refresh = () => Promise.resolve(true) } = {}) {
  const states: ChannelState[] = []
  const opened: Opened[] = []
  const online$ = new BehaviorSubject(true)
  const refreshed = vi.fn(refresh)
  let attempts = 0
  const stop = superviseChannel({
    ports: { ...browserPorts, online$, random: () => 1 },
    refresh: refreshed,
    state: (state) => states.push(state),
    open: (say) => {
      attempts += 1
      if (attempts <= fails) return Promise.reject(new RemoteError({ status: 0, message: 'Failed to fetch' }))
      const channel: Opened = { say, closed: false }
      opened.push(channel)
      return Promise.resolve({ close: () => Promise.resolve(void (channel.closed = true)) })
    },
  })
  const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms)
  await pass(0)
  return {
    states,
    opened,
    online$,
    refreshed,
    stop,
    pass,
    say: (word: ChannelWord) => opened.at(-1)?.say(word),
  }
}

test('each time that events flow again is told', async () => {
  const { states, say } = await supervise()
  say('SUBSCRIBED')
  say('CHANNEL_ERROR')
  say('TIMED_OUT')
  say('SUBSCRIBED')
  expect(states).toEqual(['joining', 'joined', 'lost', 'joined'])
})

test('a server that begins to listen after the channel is joined has missed rows; before, it has not', async () => {
  const { states, say } = await supervise()
  say('listening')
  say('SUBSCRIBED')
  expect(states).toEqual(['joining', 'joined'])
  say('listening')
  say('missed')
  expect(states).toEqual(['joining', 'joined', 'joined', 'joined'])
})

test('a server that cannot listen is no better than a lost channel, until it can', async () => {
  const { states, opened, say, pass } = await supervise()
  say('SUBSCRIBED')
  say('deaf')
  await pass(120_000)
  expect(states).toEqual(['joining', 'joined', 'lost'])
  expect(opened).toHaveLength(1)
  say('listening')
  expect(states.at(-1)).toBe('joined')
})

test('a channel that the server closed is opened anew after a refresh of the session', async () => {
  const { states, opened, refreshed, say, pass } = await supervise()
  say('SUBSCRIBED')
  await pass(60_000)
  say('CLOSED')
  expect(states.at(-1)).toBe('lost')
  expect(opened[0]?.closed).toBe(true)
  await pass(999)
  expect(opened).toHaveLength(1)
  await pass(1)
  expect(refreshed).toHaveBeenCalledTimes(1)
  expect(opened).toHaveLength(2)
  say('SUBSCRIBED')
  expect(states).toEqual(['joining', 'joined', 'lost', 'joining', 'joined'])
})

test('a channel that is closed again and again is opened ever more slowly, up to every 30 s', async () => {
  const { opened, say, pass } = await supervise()
  for (const wait of [1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]) {
    const before = opened.length
    say('SUBSCRIBED')
    say('CLOSED')
    await pass(wait - 1)
    expect(opened).toHaveLength(before)
    await pass(1)
    expect(opened).toHaveLength(before + 1)
  }
  // One that was well for a while begins the count anew.
  say('SUBSCRIBED')
  await pass(30_000)
  say('CLOSED')
  await pass(1_000)
  expect(opened).toHaveLength(9)
})

test('what an earlier channel still says is not heard', async () => {
  const { states, opened, say, pass } = await supervise()
  say('SUBSCRIBED')
  say('CLOSED')
  await pass(1_000)
  opened[0]?.say('SUBSCRIBED')
  opened[0]?.say('CLOSED')
  await pass(60_000)
  expect(states).toEqual(['joining', 'joined', 'lost', 'joining'])
  expect(opened).toHaveLength(2)
})

test('an opening that fails is tried again, without asking for a new session', async () => {
  const { states, opened, refreshed, pass } = await supervise({ fails: 2 })
  expect(states).toEqual(['joining', 'lost'])
  await pass(3_000)
  expect(opened).toHaveLength(1)
  expect(refreshed).not.toHaveBeenCalled()
})

test('a refresh that fails does not end the supervision', async () => {
  const { opened, say, pass } = await supervise({ refresh: () => Promise.reject(new Error('offline')) })
  say('CLOSED')
  await pass(1_000)
  expect(opened).toHaveLength(2)
})

test('a channel that does not come back in a minute is replaced', async () => {
  const { opened, refreshed, say, pass } = await supervise()
  say('SUBSCRIBED')
  say('CHANNEL_ERROR')
  await pass(30_000)
  say('CHANNEL_ERROR')
  await pass(29_999)
  expect(opened).toHaveLength(1)
  await pass(1)
  expect(opened).toHaveLength(2)
  expect(opened[0]?.closed).toBe(true)
  expect(refreshed).not.toHaveBeenCalled()
})

test('a channel that has come back is left alone', async () => {
  const { opened, say, pass } = await supervise()
  say('SUBSCRIBED')
  say('CHANNEL_ERROR')
  say('SUBSCRIBED')
  await pass(600_000)
  expect(opened).toHaveLength(1)
})

test('a lost channel is replaced as soon as the network is back', async () => {
  const { opened, online$, say } = await supervise()
  say('SUBSCRIBED')
  online$.next(false)
  online$.next(true)
  expect(opened).toHaveLength(1)
  say('CHANNEL_ERROR')
  online$.next(false)
  expect(opened).toHaveLength(1)
  online$.next(true)
  expect(opened).toHaveLength(2)
})

test('stopped, it closes its channel, and stays silent', async () => {
  const { states, opened, online$, stop, say, pass } = await supervise()
  say('SUBSCRIBED')
  stop()
  expect(opened[0]?.closed).toBe(true)
  say('CLOSED')
  online$.next(true)
  await pass(600_000)
  expect(states).toEqual(['joining', 'joined'])
  expect(opened).toHaveLength(1)
})

test('a channel that is still being opened when it is stopped is closed when it is there', async () => {
  let arrive: (handle: { close: () => Promise<void> }) => void = () => undefined
  const close = vi.fn(() => Promise.resolve())
  const stop = superviseChannel({
    ports: browserPorts,
    refresh: () => Promise.resolve(true),
    state: () => undefined,
    open: () => new Promise((resolve) => (arrive = resolve)),
  })
  stop()
  arrive({ close })
  await vi.advanceTimersByTimeAsync(0)
  expect(close).toHaveBeenCalledTimes(1)
})
