import { BehaviorSubject } from 'rxjs'
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest'
import { event, makeClient, show } from '../../test/cacheWorld.js'
import { MemoryFeed } from '../../test/memoryFeed.js'
import { browserPorts } from '../base/browserPorts.js'
import type { FeedEvent } from '../feeds/event.js'
import { createInvalidation, type InvalidationOptions } from './invalidation.js'
import { keyDoc, keyListHeads } from './keys.js'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

function world(options: Partial<InvalidationOptions> = {}) {
  const memory = new MemoryFeed()
  const client = makeClient()
  const visible$ = new BehaviorSubject(true)
  const ports = { ...browserPorts, visible$ }
  const invalidation = createInvalidation({ client, feed: memory.feed, scope: 'f1', ports, ...options })
  onTestFinished(() => invalidation.stop())
  const doc = { kind: 'doc', type: 'wo', id: '1' } as const
  return {
    memory,
    client,
    invalidation,
    visible$,
    doc,
    send: (more: Partial<FeedEvent> = {}) => memory.send({ ...doc, factoryId: 'f1' }, event(more)),
    invalidated: () => client.getQueryState(keyDoc('wo', '1'))?.isInvalidated,
    open: () => [...memory.open].sort(),
  }
}

test('a view subscribes to its channels and its scope; equal views share them; the last to leave unsubscribes', () => {
  const { invalidation, doc, open } = world()
  const leave = invalidation.view([doc, { kind: 'list', type: 'wo' }])
  const leaveOther = invalidation.view([{ id: '1', type: 'wo', kind: 'doc' }])
  expect(open()).toEqual(['doc:wo:1', 'factory:f1', 'list:wo:f1'])
  leave()
  leave()
  expect(open()).toEqual(['doc:wo:1', 'factory:f1'])
  leaveOther()
  expect(open()).toEqual([])
})

test('events are handled a window after the first', () => {
  const { invalidation, client, doc, send, invalidated } = world({ window: 400 })
  client.setQueryData(keyDoc('wo', '1'), {})
  invalidation.view([doc])
  send()
  vi.advanceTimersByTime(399)
  expect(invalidated()).toBe(false)
  vi.advanceTimersByTime(1)
  expect(invalidated()).toBe(true)
})

test('what was collected is handled when the page becomes visible, and before a change of route', () => {
  const { invalidation, client, visible$, doc, send, invalidated } = world()
  invalidation.view([doc])
  for (const flush of [() => visible$.next(true), () => invalidation.flush()]) {
    client.setQueryData(keyDoc('wo', '1'), {})
    visible$.next(false)
    send()
    expect(invalidated()).toBe(false)
    flush()
    expect(invalidated()).toBe(true)
  }
})

test('what was collected is handled when a view is left, and nothing afterwards', () => {
  const { invalidation, client, doc, send, invalidated } = world()
  client.setQueryData(keyDoc('wo', '1'), {})
  const leave = invalidation.view([doc])
  send()
  leave()
  expect(invalidated()).toBe(true)
  client.setQueryData(keyDoc('wo', '1'), {})
  send()
  vi.advanceTimersByTime(10_000)
  expect(invalidated()).toBe(false)
  expect(vi.getTimerCount()).toBe(0)
})

test('another scope has other channels, and what was collected in the old one is dropped', () => {
  const scope = new BehaviorSubject<string | undefined>('f1')
  const { invalidation, client, doc, send, open, invalidated } = world({ scope })
  client.setQueryData(keyDoc('wo', '1'), {})
  invalidation.view([doc, { kind: 'list', type: 'wo' }])
  send()
  scope.next('f2')
  expect(open()).toEqual(['doc:wo:1', 'factory:f2', 'list:wo:f2'])
  vi.advanceTimersByTime(1_000)
  expect(invalidated()).toBe(false)
  scope.next(undefined)
  expect(open()).toEqual([])
})

test('the same scope told again subscribes anew: another user may work in it', () => {
  const scope = new BehaviorSubject<string | undefined>('f1')
  const { invalidation, memory, doc, open } = world({ scope })
  invalidation.view([doc])
  const closed = vi.spyOn(memory.open, 'delete')
  scope.next('f1')
  expect(closed.mock.calls.flat().sort()).toEqual(['doc:wo:1', 'factory:f1'])
  expect(open()).toEqual(['doc:wo:1', 'factory:f1'])
})

test('after a reconnect what is shown is fetched once, however many channels tell of it', () => {
  const { invalidation, client, memory, doc } = world()
  invalidation.view([doc])
  const shown = [show(client, keyDoc('wo', '1'), {}), show(client, keyListHeads('wo', 'f1'), [])]
  for (const factoryId of ['f1', 'f1']) memory.outlets.missed.next({ ...doc, factoryId })
  memory.outlets.missed.next(undefined)
  vi.advanceTimersByTime(1_000)
  expect(shown.map(({ fetches }) => fetches)).toEqual([1, 1])
})

test('after stop nothing is heard, no timer runs, and a view subscribes to nothing', () => {
  const { invalidation, client, memory, doc, send, open, invalidated } = world()
  client.setQueryData(keyDoc('wo', '1'), {})
  invalidation.view([doc])
  send()
  memory.outlets.missed.next(undefined)
  invalidation.stop()
  expect(open()).toEqual([])
  expect(vi.getTimerCount()).toBe(0)
  invalidation.view([doc])
  expect(open()).toEqual([])
  expect(invalidated()).toBe(false)
})

test('a clock that jumps neither delays nor repeats what is collected', () => {
  const { invalidation, client, doc, send, invalidated } = world()
  client.setQueryData(keyDoc('wo', '1'), {})
  invalidation.view([doc])
  send()
  vi.setSystemTime(Date.now() - 86_400_000)
  vi.advanceTimersByTime(300)
  expect(invalidated()).toBe(true)
})
