import { BehaviorSubject, Subject } from 'rxjs'
import { afterAll, afterEach, beforeAll, expect, onTestFinished, test } from 'vitest'
import { startPubsubServer, type PubsubServer } from '../../test/pubsubServer.js'
import { VirtualTimers } from '../../test/virtualTimers.js'
import { until } from '../../test/world.js'
import type { FeedEvent } from './event.js'
import { pubsubFeed, type PubsubFeedOptions } from './pubsubFeed.js'

let server: PubsubServer
beforeAll(async () => void (server = await startPubsubServer()))
afterEach(() => {
  Object.assign(server.state, { epoch: 'one', silent: false, refuse: undefined, denied: [] })
  server.received.length = server.tokens.length = 0
})
afterAll(() => server.stop())

const id = '7d9e9c3c-2a53-4f5c-9f0e-0d7f6c6f2a10'
const channel = { kind: 'doc', type: 'project', id, factoryId: 'f1' } as const

/** A feed that listens to one document, with time in the test's hands. */
function listening(options: Partial<PubsubFeedOptions> = {}) {
  const time = new VirtualTimers()
  const online$ = new BehaviorSubject(true)
  const ports = { timer: time.timer, random: () => 1, online$ }
  const feed = pubsubFeed({ url: server.url, token: () => 'token', ports, ...options })
  const events: FeedEvent[] = []
  const problems: string[] = []
  const missed: unknown[] = []
  const states: string[] = []
  feed.problem$.subscribe(({ message }) => problems.push(message))
  feed.missed$.subscribe((one) => missed.push(one))
  feed.state$.subscribe(({ name }) => states.push(name))
  const subscription = feed.listen(channel).subscribe((event) => events.push(event))
  onTestFinished(() => feed.close())
  const state = () => feed.state$.current
  const is = (name: string) => until(`it is ${name}`, () => state()?.name === name)
  return { time, online$, feed, events, problems, missed, states, subscription, state, is }
}
const types = () => server.received.map(({ type }) => type)

test('waits of 1, 2, 4 … 30 s lie between ten tries; then it is polled, and a connection is taken when there is one', async () => {
  server.state.refuse = 1011
  const { time, is, missed } = listening({ pollEvery: 60_000 })
  for (const wait of [1, 2, 4, 8, 16, 30, 30, 30, 30, 30]) {
    await is('lost')
    expect(time.asked.at(-1)).toBe(wait * 1_000)
    time.pass(wait * 1_000)
  }
  await is('polling')
  expect(server.tokens).toHaveLength(11)
  await until('the first poll', () => missed.length === 1)
  time.pass(60_000)
  await until('the second poll', () => missed.length === 2)
  server.state.refuse = undefined
  time.pass(60_000)
  await is('open')
})

test('waits are jittered', async () => {
  server.state.refuse = 1011
  const time = new VirtualTimers()
  const { is } = listening({ ports: { timer: time.timer, random: () => 0.25, online$: new Subject() } })
  await is('lost')
  expect(time.asked.at(-1)).toBe(250)
})

test.each([4001, 4002])(
  'after %i it is never tried again, nor with the same token by the next page',
  async (code) => {
    server.state.refuse = code
    const { time, is, state, subscription, feed } = listening()
    await is('needs-sign-in')
    expect(state()).toHaveProperty('reason')
    time.pass(86_400_000)
    expect(time.waiting).toBe(0)
    subscription.unsubscribe()
    time.pass(1_000)
    await is('idle')
    feed.listen(channel).subscribe()
    await is('needs-sign-in')
    expect(server.tokens).toHaveLength(1)
  },
)

test('after a sign-in the next page connects with the new token', async () => {
  server.state.refuse = 4001
  let token: string | undefined = 'old'
  const { time, is, subscription, feed } = listening({ token: () => token })
  await is('needs-sign-in')
  subscription.unsubscribe()
  time.pass(1_000)
  server.state.refuse = undefined
  token = 'new'
  feed.listen(channel).subscribe()
  await is('open')
  expect(server.tokens).toEqual(['old', 'new'])
})

test('without a token nothing is opened; a token that cannot be had now is asked for again', async () => {
  const { is } = listening({ token: () => undefined })
  await is('needs-sign-in')
  let asked = 0
  const token = () => ((asked += 1) > 1 ? 'token' : Promise.reject(new Error('no network')))
  const other = listening({ token })
  await other.is('lost')
  expect(server.tokens).toEqual([])
  other.time.pass(1_000)
  await other.is('open')
})

test('a token that no socket can carry asks for a sign-in, and the feed can be closed', async () => {
  const { feed, is, time } = listening({ token: () => 'two words' })
  await is('needs-sign-in')
  expect(time.waiting).toBe(0)
  feed.close()
})

test('a socket that opens and never answers is given up after 10 s', async () => {
  server.state.silent = true
  const { time, is, state } = listening()
  await until('the socket is open', () => server.tokens.length === 1)
  time.pass(9_999)
  expect(state()?.name).toBe('connecting')
  time.pass(1)
  await is('lost')
  await until('the socket is closed', () => server.connections() === 0)
})

test('a socket that falls silent is asked after 30 s, and given up 10 s later', async () => {
  const { time, is, state } = listening()
  await is('open')
  await until('it has subscribed', () => types().includes('SUBSCRIBE'))
  time.pass(30_000)
  await until('it was asked', () => types().includes('PING'))
  await new Promise((resolve) => setTimeout(resolve, 50))
  time.pass(29_000)
  expect(state()?.name).toBe('open')
  server.state.silent = true
  time.pass(11_000)
  expect(state()?.name).toBe('lost')
})

test('a server that closes every second is not stormed: waits grow until a connection has lasted 30 s', async () => {
  const { time, is } = listening()
  const waits: (number | undefined)[] = []
  for (let round = 0; round < 4; round += 1) {
    await is('open')
    time.pass(1_000)
    server.close(1012)
    await is('lost')
    waits.push(time.asked.at(-1))
    time.pass(30_000)
  }
  expect(waits).toEqual([1_000, 2_000, 4_000, 8_000])
  await is('open')
  await until('it has subscribed', () => types().filter((type) => type === 'SUBSCRIBE').length === 5)
  time.pass(30_000)
  server.cut()
  await is('lost')
  expect(time.asked.at(-1)).toBe(1_000)
})

test('a network that is back is not waited for', async () => {
  server.state.refuse = 1011
  const { online$, is } = listening()
  await is('lost')
  server.state.refuse = undefined
  online$.next(false)
  online$.next(true)
  await is('open')
})

test('a server that goes away is left, and another connection made when it says', async () => {
  const { time, is, states } = listening()
  await is('open')
  server.say({ type: 'GOAWAY', payload: { reconnectIn: 5_000 } })
  await until('the socket is closed', () => server.connections() === 0)
  expect(server.tokens).toHaveLength(1)
  time.pass(5_000)
  await until('there is another', () => server.tokens.length === 2)
  await is('open')
  expect(states).not.toContain('lost')
})

test('a token that will expire is renewed; where there is no new one, that is told until it expires', async () => {
  let token = 'first'
  const { time, is, problems } = listening({ token: () => token })
  await is('open')
  server.say({ type: 'TOKEN_EXPIRING_SOON', payload: { expiresIn: 40 } })
  await until('it is told', () => problems.length === 1)
  expect(problems[0]).toContain('40 s')
  token = 'second'
  time.pass(20_000)
  await until('it is renewed', () => types().includes('TOKEN_REFRESH'))
  expect(server.received.at(-1)).toEqual({ type: 'TOKEN_REFRESH', payload: { token: 'second' } })
  expect(problems).toHaveLength(1)
})

test('a closed feed leaves no timer and no socket behind', async () => {
  const { time, is, feed } = listening()
  await is('open')
  feed.close()
  expect(time.waiting).toBe(0)
  await until('the socket is closed', () => server.connections() === 0)
})
