import { createTidemark, defineSchema, type Remote } from '@tidemark/core'
import { syncProtocol, type ExactPullAnswer } from '@tidemark/core/remote'
import { of } from 'rxjs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { cdp } from 'vitest/browser'
import { compare, timed } from './compare.js'
import { events, makeEvents, putAll, type Event } from './world.js'

const pages = 100
const pageSize = 1_000
const table: string[] = []

/** The rows of each page as the server sends them. */
const texts = Array.from({ length: pages }, (_, page) =>
  JSON.stringify(
    makeEvents(pageSize, page * pageSize).map((row, index) => ({
      ...row,
      sync_xid: '700',
      sync_seq: page * pageSize + index + 1,
    })),
  ),
)
const hashes = Array.from({ length: pageSize }, (_, index) => 2 ** 40 + index)

/** A server in exact mode that answers at once, from memory. `asked` is called with the number of each page. */
function memoryServer(asked: (page: number) => Promise<void> | void): Remote {
  const never = () => Promise.reject(new Error('Nothing but pulls is asked.'))
  return {
    id: 'bench',
    protocol: syncProtocol,
    session$: of('bench'),
    select: never,
    insert: never,
    update: never,
    remove: never,
    channel: () => () => undefined,
    refresh: () => Promise.resolve(false),
    exact: {
      pull: async ({ cookie, page }) => {
        const number = cookie === null ? Number(page ?? 0) : pages
        await asked(number)
        return answerOf(number)
      },
      push: never,
      digest: never,
    },
  }
}

function answerOf(page: number): ExactPullAnswer {
  const text = texts[page]
  const snapshot = '800:800:'
  return {
    epoch: 'bench',
    role: 'authenticated',
    cookie: snapshot,
    snapshot,
    reset: false,
    expired: false,
    missing: [],
    tables:
      text === undefined ? {} : { events: { rows: JSON.parse(text) as Record<string, unknown>[], hashes } },
    page: page + 1 < pages ? page + 1 : null,
  }
}

/** Signs in on a new device and waits for everything. */
async function pullAll(asked: (page: number) => Promise<void> | void = () => undefined): Promise<number> {
  const schema = defineSchema({ version: 1, tables: { events } })
  const name = `bench-${crypto.randomUUID()}`
  const tide = createTidemark({ name, schema, remote: memoryServer(asked) })
  const time = await timed(async () => {
    const synced = new Promise<void>((resolve) => {
      tide.status$.subscribe(({ name }) => name === 'synced' && resolve())
    })
    await tide.start('bench')
    await synced
  })
  await tide.signOut({ pending: 'discard' })
  return time
}

/** The same rows in IndexedDB alone: the same index, and a transaction for each page. */
async function putRaw(): Promise<number> {
  const name = `raw-${crypto.randomUUID()}`
  const database = await new Promise<IDBDatabase>((resolve, reject) => {
    const request = indexedDB.open(name)
    request.onupgradeneeded = () => {
      const store = request.result.createObjectStore('events', { keyPath: 'id' })
      store.createIndex('start_timestamp_ms', 'start_timestamp_ms')
    }
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error ?? new Error('open failed'))
  })
  const time = await timed(async () => {
    for (const text of texts) await putAll(database, 'events', JSON.parse(text) as Event[])
  })
  database.close()
  indexedDB.deleteDatabase(name)
  return time
}

/** What is in use once nothing is left to collect, in MB. */
async function heap(): Promise<number> {
  await cdp().send('HeapProfiler.collectGarbage')
  const { metrics } = await cdp().send('Performance.getMetrics')
  return (metrics.find(({ name }) => name === 'JSHeapUsedSize')?.value ?? Number.NaN) / 1e6
}

beforeAll(() => cdp().send('Performance.enable', {}))
afterAll(() => console.log(['', ...table].join('\n')))

test('a first pull of 100,000 rows takes at most 1.6 × raw IndexedDB batches of the same rows', async () => {
  const { ours, theirs, ratio } = await compare(() => pullAll(), putRaw, { rounds: 3, warmUp: 0 })
  table.push(
    `first pull of 100,000 rows, by raw puts: ours ${ours.toFixed(0)} ms, theirs ${theirs.toFixed(0)} ms, ratio ${ratio.toFixed(2)} (target ≤ 1.6)`,
  )
  expect(ratio).toBeLessThanOrEqual(1.6)
})

test('memory is flat while 100 pages are pulled', async () => {
  const used: number[] = []
  await pullAll(async (page) => {
    if (page % 20 === 10) used.push(await heap())
  })
  const growth = Math.max(...used) - Math.min(...used)
  table.push(
    `heap at five pages of a first pull: ${used.map((mb) => mb.toFixed(1)).join(', ')} MB (target: within 5 MB)`,
  )
  expect(growth).toBeLessThan(5)
})
