import fc from 'fast-check'
import { expect, test } from 'vitest'
import { SubscriptionIndex } from './subscriptionIndex.js'

const ann = { name: 'ann' }
const bob = { name: 'bob' }

test('subscribers of an entity are found, of one and of many', () => {
  const index = new SubscriptionIndex<object>()
  expect(index.add(ann, 'project', ['1', '2'])).toEqual(['1', '2'])
  expect(index.add(ann, 'project', ['2', '3'])).toEqual(['3'])
  index.add(bob, 'project', ['2'])
  expect([...index.subscribersOf('project', '1')]).toEqual([ann])
  expect([...index.subscribersOf('project', '2')]).toEqual([ann, bob])
  expect([...index.subscribersOf('task', '2')]).toEqual([])
  expect(index.size).toBe(4)
  expect(index.remove(ann, 'project')).toEqual(['1', '2', '3'])
  expect([...index.subscribersOf('project', '2')]).toEqual([bob])
})

test('names of the prototype are names like any other', () => {
  const index = new SubscriptionIndex<object>()
  for (const code of ['__proto__', 'constructor', 'toString']) {
    expect([...index.subscribersOf(code, 'hasOwnProperty')]).toEqual([])
    index.add(ann, code, ['__proto__'])
    expect([...index.subscribersOf(code, '__proto__')]).toEqual([ann])
  }
})

test('whatever is added and removed, the index says what a list of pairs says', () => {
  const subscribers = [ann, bob, { name: 'eve' }]
  const step = fc.record({
    who: fc.constantFrom(...subscribers),
    code: fc.constantFrom('a', 'b'),
    ids: fc.uniqueArray(fc.constantFrom('1', '2', '3')),
    what: fc.constantFrom('add', 'remove', 'removeCode', 'removeAll'),
  })
  fc.assert(
    fc.property(fc.array(step), (steps) => {
      const index = new SubscriptionIndex<object>()
      let pairs = new Set<string>()
      const key = (who: object, code: string, id: string) =>
        `${subscribers.indexOf(who as typeof ann)}${code}${id}`
      for (const { who, code, ids, what } of steps) {
        if (what === 'add') index.add(who, code, ids)
        if (what === 'remove') index.remove(who, code, ids)
        if (what === 'removeCode') index.remove(who, code)
        if (what === 'removeAll') index.removeAll(who)
        const gone = (pair: string) =>
          what === 'remove'
            ? ids.some((id) => pair === key(who, code, id))
            : pair.startsWith(key(who, what === 'removeAll' ? '' : code, ''))
        if (what === 'add') for (const id of ids) pairs.add(key(who, code, id))
        else pairs = new Set([...pairs].filter((pair) => !gone(pair)))
      }
      const found = ['a', 'b'].flatMap((code) =>
        ['1', '2', '3'].flatMap((id) => [...index.subscribersOf(code, id)].map((who) => key(who, code, id))),
      )
      expect(found.sort()).toEqual([...pairs].sort())
      expect(index.size).toBe(pairs.size)
    }),
  )
})
