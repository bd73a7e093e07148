import { expect, test } from 'vitest'
import { Lazy } from './lazy.js'
import { Stream } from './stream.js'

function counted() {
  let made = 0
  const lazy = new Lazy(() => ({ made: (made += 1) }))
  const change = () => {
    lazy.forget()
    lazy.tell()
  }
  return { lazy, change, stream: new Stream(lazy), made: () => made }
}

test('changes make nothing while nobody asks', () => {
  const { change, made } = counted()
  for (let times = 0; times < 1_000; times += 1) change()
  expect(made()).toBe(0)
})

test('it is made once for all who ask between two changes', () => {
  const { change, stream, made } = counted()
  expect(stream.current).toBe(stream.current)
  expect(made()).toBe(1)
  change()
  expect(stream.current).toEqual({ made: 2 })
})

test('a subscriber is given the value and each new one, until it leaves', () => {
  const { change, stream, made } = counted()
  const given: number[] = []
  const subscription = stream.subscribe((value) => given.push(value.made))
  change()
  subscription.unsubscribe()
  change()
  expect(given).toEqual([1, 2])
  expect(made()).toBe(2)
})
