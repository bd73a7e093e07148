import { BehaviorSubject } from 'rxjs'
import { expect, onTestFinished, test } from 'vitest'
import { makeClient } from '../../test/cacheWorld.js'
import { browserPorts } from '../base/browserPorts.js'
import { keyDoc } from './keys.js'
import { persistQueries, type PersistOptions } from './persistence.js'

/** A tab of one app and user; each call is another tab, or a reload. */
function makeApp() {
  const name = `t${crypto.randomUUID()}`
  return async (options: Partial<PersistOptions> = {}) => {
    const client = makeClient()
    const persistence = await persistQueries({ client, name, userId: 'ada', ...options })
    onTestFinished(() => persistence.stop())
    return { client, persistence }
  }
}
const key = keyDoc('wo', '1')

test('what was cached is there after a reload, and another user finds nothing', async () => {
  const tab = makeApp()
  const first = await tab()
  expect(first.persistence.kind).toBe('indexedDB')
  first.client.setQueryData(key, { title: 'Saw', due: new Date(0) })
  await first.persistence.stop()
  expect((await tab()).client.getQueryData(key)).toEqual({ title: 'Saw', due: new Date(0) })
  expect((await tab({ userId: 'ben' })).client.getQueryData(key)).toBeUndefined()
})

test('two tabs write at the same time: each query is kept as it was fetched last', async () => {
  const tab = makeApp()
  const tabs = await Promise.all([tab(), tab(), tab()])
  const now = Date.now()
  await Promise.all(
    tabs.map(async ({ client, persistence }, place) => {
      client.setQueryData(key, { place }, { updatedAt: now - 1_000 * (3 - ((place + 1) % 3)) })
      client.setQueryData(keyDoc('wo', `of ${place}`), { place })
      await persistence.flush()
    }),
  )
  const { client } = await tab()
  expect(client.getQueryData(key)).toEqual({ place: 1 })
  for (const place of [0, 1, 2]) expect(client.getQueryData(keyDoc('wo', `of ${place}`))).toEqual({ place })
})

test('where IndexedDB is refused, a reload finds the queries in the session', async () => {
  const refusing = {
    open: () => {
      throw new DOMException('Not allowed', 'SecurityError')
    },
  } as unknown as IDBFactory
  const tab = makeApp()
  const options = { ports: { ...browserPorts, visible$: new BehaviorSubject(true), indexedDB: refusing } }
  const first = await tab(options)
  const problems: string[] = []
  first.persistence.problem$.subscribe(({ code }) => problems.push(code))
  expect([first.persistence.kind, ...problems]).toEqual(['sessionStorage', 'no-indexeddb'])
  first.client.setQueryData(key, { title: 'Saw' })
  await first.persistence.stop()
  const second = await tab(options)
  expect(second.client.getQueryData(key)).toEqual({ title: 'Saw' })
  await second.persistence.clear()
})
