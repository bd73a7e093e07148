import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Frame } from './frame.js'
import { serializers } from './serializer.js'

const [objects, arrays] = [serializers['1.0.0'], serializers['2.0.0']]
if (!objects || !arrays) throw new Error('a version is missing')

const frame = fc.record<Frame>({
  joinRef: fc.option(fc.string()),
  ref: fc.option(fc.string()),
  topic: fc.string(),
  event: fc.string(),
  payload: fc.dictionary(fc.string(), fc.jsonValue()) as fc.Arbitrary<Frame['payload']>,
})

test.each([
  ['1.0.0', objects],
  ['2.0.0', arrays],
])('%s reads what it has written', (_, serializer) => {
  fc.assert(
    fc.property(frame, (given) => {
      const read = serializer.decode(Buffer.from(serializer.encode(given)), false)
      expect(JSON.stringify(read)).toBe(JSON.stringify(given))
    }),
  )
})

test('1.0.0 has objects and 2.0.0 arrays, as the client writes them', () => {
  const given = { joinRef: '1', ref: '2', topic: 'realtime:a', event: 'phx_join', payload: { a: 1 } }
  expect(JSON.parse(objects.encode(given))).toEqual({
    join_ref: '1',
    ref: '2',
    topic: 'realtime:a',
    event: 'phx_join',
    payload: { a: 1 },
  })
  expect(JSON.parse(arrays.encode(given))).toEqual(['1', '2', 'realtime:a', 'phx_join', { a: 1 }])
})

test('a broadcast of the client is a binary frame of kind 3', () => {
  const bytes = Buffer.concat([Buffer.from([3, 1, 1, 10, 1, 0, 1]), Buffer.from('67realtime:ax{"a":1}')])
  expect(arrays.decode(bytes, true)).toEqual({
    joinRef: '6',
    ref: '7',
    topic: 'realtime:a',
    event: 'broadcast',
    payload: { type: 'broadcast', event: 'x', payload: { a: 1 } },
  })
})

test('a broadcast to a client is a binary frame of kind 4, with lengths in bytes', () => {
  const written = arrays.broadcast('realtime:ä', { event: 'é', payload: { a: 1 } })
  const expected = Buffer.concat([Buffer.from([4, 11, 2, 0, 1]), Buffer.from('realtime:äé{"a":1}')])
  expect(written).toEqual(expected)
})

test('bytes travel in 2.0.0 and not in 1.0.0; a topic too long for a binary frame goes as text', () => {
  const bytes = { event: 'x', payload: Buffer.from([1, 2]) }
  expect(objects.broadcast('realtime:a', bytes)).toBeUndefined()
  expect(arrays.broadcast('realtime:a', bytes)).toEqual(
    Buffer.concat([Buffer.from([4, 10, 1, 0, 0]), Buffer.from('realtime:ax'), Buffer.from([1, 2])]),
  )
  const topic = `realtime:${'a'.repeat(300)}`
  expect(JSON.parse(String(arrays.broadcast(topic, { event: 'x', payload: 1 })))).toEqual([
    ...[null, null, topic, 'broadcast'],
    { type: 'broadcast', event: 'x', payload: 1 },
  ])
})

test('what is no frame is a SyntaxError', () => {
  const texts = ['', '{', 'null', '5', '{}', '[]', '["1","1",5,"x",{}]']
  for (const text of texts) {
    expect(() => arrays.decode(Buffer.from(text), false), text).toThrow(SyntaxError)
    expect(() => objects.decode(Buffer.from(text), false), text).toThrow(SyntaxError)
  }
  const binaries = [[], [3], [4, 1, 1, 1, 1, 1, 1], [3, 9, 9, 9, 9, 9, 1, 65], [3, 0, 0, 0, 0, 0, 1, 123]]
  for (const bytes of binaries) {
    expect(() => arrays.decode(Buffer.from(bytes), true), String(bytes)).toThrow(SyntaxError)
  }
})
