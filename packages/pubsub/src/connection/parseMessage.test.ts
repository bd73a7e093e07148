import fc from 'fast-check'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import { parseMessage } from './inbox.js'

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void
const heap = () => {
  collect()
  return process.memoryUsage().heapUsed
}

const id = '550e8400-e29b-41d4-a716-446655440000'
const messages = [
  { type: 'AUTH', payload: { token: 'a.b.c' } },
  { type: 'SUBSCRIBE', payload: { entityCode: 'project', entityIds: [id, id], list: true } },
  { type: 'UNSUBSCRIBE', payload: { entityCode: 'project' } },
  { type: 'UNSUBSCRIBE_ALL' },
  { type: 'PING' },
  { type: 'TOKEN_REFRESH', payload: { token: 'a.b.c' } },
  { type: 'RESUME', payload: { epoch: 'e', seq: '42' } },
].map((message) => JSON.stringify(message))

/** A frame: a message that was cut, stretched or altered somewhere, any JSON, or any text. */
const frames = fc.oneof(
  fc
    .tuple(fc.constantFrom(...messages), fc.nat(120), fc.nat(8), fc.string({ maxLength: 8, unit: 'binary' }))
    .map(([text, at, length, added]) => text.slice(0, at) + added + text.slice(at + length)),
  fc.tuple(fc.constantFrom(...messages), fc.jsonValue()).map(([text, value]) => {
    const message = JSON.parse(text)
    return JSON.stringify({
      ...message,
      payload: { ...message.payload, entityIds: value, seq: value, token: value },
    })
  }),
  fc.json(),
  fc.string({ maxLength: 200, unit: 'binary' }),
)

test('messages are read', () => {
  for (const text of messages) expect(parseMessage(text)).toEqual(JSON.parse(text))
})

test('of 100,000 frames none makes the parser throw, and nothing of them stays', () => {
  const types = new Set(messages.map((text) => JSON.parse(text).type))
  const check = (text: string) => {
    const message = parseMessage(text)
    return message === undefined || types.has(message.type)
  }
  const run = (numRuns: number, seed: number) => fc.assert(fc.property(frames, check), { numRuns, seed })
  run(10_000, 1)
  const before = heap()
  for (let seed = 2; seed <= 10; seed += 1) run(10_000, seed)
  expect(heap() - before).toBeLessThan(4_000_000)
}, 60_000)
