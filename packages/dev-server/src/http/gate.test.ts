import { expect, it } from 'vitest'
import type { Request } from '../context.js'
import { createGate } from './gate.js'

const request = {} as Request

it('waits for the requests under way, and lets the others wait', async () => {
  const gate = createGate()
  const order: string[] = []
  let finish = () => {}
  const slow = gate.guard(async () => {
    await new Promise<void>((resolve) => (finish = resolve))
    order.push('slow')
  })
  const quick = gate.guard(async () => void order.push('request'))
  const first = slow(request)
  await Promise.resolve()
  const closing = gate.closed(async () => void order.push('work'), 5_000)
  const later = quick(request)
  finish()
  await Promise.all([first, closing, later])
  expect(order).toEqual(['slow', 'work', 'request'])
})

it('does not wait for ever, and opens again after work that failed', async () => {
  const gate = createGate()
  void gate.guard(() => new Promise(() => {}))(request)
  await Promise.resolve()
  await expect(gate.closed(() => Promise.reject(new Error('no')), 5)).rejects.toThrow('no')
  expect(await gate.guard(() => Promise.resolve('answered'))(request)).toBe('answered')
})

it('does one piece of work at a time', async () => {
  const gate = createGate()
  const order: number[] = []
  const work = (number: number) => async () => {
    order.push(number)
    await new Promise((resolve) => setTimeout(resolve, 5))
    order.push(number)
  }
  await Promise.all([gate.closed(work(1), 5), gate.closed(work(2), 5)])
  expect(order).toEqual([1, 1, 2, 2])
})
