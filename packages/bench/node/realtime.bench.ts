import { afterAll, beforeAll, expect, inject, it } from 'vitest'
import pg from '../../dev-server/node_modules/pg/esm/index.mjs'
import { WebSocket } from '../../dev-server/node_modules/ws/wrapper.mjs'

const database = new pg.Client({ connectionString: inject('databaseUrl') })
const sockets: WebSocket[] = []
beforeAll(() => database.connect())
afterAll(async () => {
  for (const socket of sockets) socket.terminate()
  await database.end()
})

/** Milliseconds since the epoch, as the database tells them too: both read the clock of this computer. */
const now = () => performance.timeOrigin + performance.now()

interface Listener {
  /** When each row was heard of, by its id. */
  readonly heard: Map<number, number[]>
}

/** Opens a socket that hears of the changes of `items`, and resolves when it does. */
function listen(): Promise<Listener> {
  const query = new URLSearchParams({ apikey: inject('key'), vsn: '2.0.0' }).toString()
  const socket = new WebSocket(`${inject('url').replace('http', 'ws')}/realtime/v1/websocket?${query}`)
  sockets.push(socket)
  const heard = new Map<number, number[]>()
  const config = { postgres_changes: [{ event: '*', schema: 'public', table: 'items' }] }
  return new Promise((resolve, reject) => {
    socket.on('error', reject)
    socket.on('open', () => socket.send(JSON.stringify(['1', '1', 'realtime:items', 'phx_join', { config }])))
    socket.on('message', (data: Buffer) => {
      const [, , , event, payload] = JSON.parse(String(data)) as [null, null, string, string, Payload]
      if (event === 'system') resolve({ heard })
      if (event !== 'postgres_changes') return
      const id = payload.data.record.id
      heard.set(id, [...(heard.get(id) ?? []), now()])
    })
  })
}

interface Payload {
  readonly data: { readonly record: { readonly id: number } }
}

interface Written {
  readonly id: number
  /** The database's own time, read right before it commits. */
  readonly at: number
}

async function write(): Promise<Written> {
  const text = `insert into items (name) values ('new') returning id, extract(epoch from clock_timestamp()) * 1000 as at`
  const { rows } = await database.query<{ id: number; at: string }>(text)
  const [row] = rows
  if (!row) throw new Error('nothing was written')
  return { id: row.id, at: Number(row.at) }
}

/** Writes so many rows, one every so many milliseconds, however long each takes. */
async function writeSteadily(count: number, every: number): Promise<Written[]> {
  const began = performance.now()
  const written: Written[] = []
  for (let turn = 0; turn < count; turn += 1) {
    await sleep(began + turn * every - performance.now())
    written.push(await write())
  }
  return written
}

const sleep = (milliseconds: number) =>
  new Promise((resolve) => setTimeout(resolve, Math.max(0, milliseconds)))

/** Waits until everybody has heard of everything, at most so long. */
async function settled(listeners: readonly Listener[], count: number): Promise<void> {
  const end = performance.now() + 10_000
  while (performance.now() < end && listeners.some(({ heard }) => heard.size < count)) await sleep(50)
}

/** From the commit to each who heard of it, in ms, the shortest first. */
const delaysOf = (listeners: readonly Listener[], written: readonly Written[]) =>
  listeners
    .flatMap(({ heard }) => written.map(({ id, at }) => (heard.get(id)?.[0] ?? Infinity) - at))
    .sort((a, b) => a - b)

const share = (sorted: readonly number[], part: number) =>
  Math.round((sorted[Math.floor(sorted.length * part)] ?? Infinity) * 10) / 10

const report = (name: string, figures: object) => console.log(`${name}: ${JSON.stringify(figures)}`)

it('tells a subscriber of a change within 30 ms of its commit', async () => {
  const listener = await listen()
  await writeSteadily(20, 40)
  const written = await writeSteadily(200, 40)
  await settled([listener], 220)
  const delays = delaysOf([listener], written)
  report('change to subscriber, ms', { p50: share(delays, 0.5), p95: share(delays, 0.95) })
  expect(share(delays, 0.5)).toBeLessThanOrEqual(30)
})

it('tells 1,000 sockets of 10 changes a second, of each once', async () => {
  for (const socket of sockets.splice(0)) socket.terminate()
  const listeners: Listener[] = []
  while (listeners.length < 1_000) {
    listeners.push(...(await Promise.all(Array.from({ length: 50 }, listen))))
  }
  const written = await writeSteadily(100, 100)
  await settled(listeners, written.length)
  const delays = delaysOf(listeners, written)
  const told = listeners.flatMap(({ heard }) => [...heard.values()].map(({ length }) => length))
  const delivered = told.reduce((sum, times) => sum + times, 0)
  report('1,000 sockets, ms', { delivered, p50: share(delays, 0.5), p99: share(delays, 0.99) })
  expect(delivered).toBe(100_000)
  expect(delays.at(-1)).toBeLessThan(Infinity)
})
