import { Agent, request } from 'node:http'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import pg from '../../dev-server/node_modules/pg/esm/index.mjs'

const agent = new Agent({ keepAlive: true, maxSockets: 32 })
const database = new pg.Client({ connectionString: inject('databaseUrl') })
beforeAll(() => database.connect())
afterAll(async () => {
  agent.destroy()
  await database.end()
})

/** Sends a request and resolves with the text of the answer. */
function send(path: string, method = 'GET', body?: string): Promise<string> {
  const headers = {
    apikey: inject('key'),
    ...(body !== undefined && {
      'Content-Type': 'application/json',
      'Content-Length': Buffer.byteLength(body),
    }),
  }
  return new Promise((resolve, reject) => {
    const sent = request(`${inject('url')}/rest/v1${path}`, { agent, method, headers }, (answer) => {
      const chunks: Buffer[] = []
      answer.on('data', (chunk: Buffer) => chunks.push(chunk))
      answer.on('end', () => {
        if ((answer.statusCode ?? 500) >= 400) reject(new Error(Buffer.concat(chunks).toString()))
        else resolve(Buffer.concat(chunks).toString())
      })
    })
    sent.on('error', reject).end(body)
  })
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await work()
  return performance.now() - start
}

/** Medians of both, in ms; they take turns, so that what slows the machine slows both. */
async function medians(ours: () => Promise<unknown>, bare: () => Promise<unknown>, rounds: number) {
  const times = { ours: [] as number[], bare: [] as number[] }
  for (let round = -rounds / 5; round < rounds; round += 1) {
    const pair = { ours: await timed(ours), bare: await timed(bare) }
    if (round < 0) continue
    times.ours.push(pair.ours)
    times.bare.push(pair.bare)
  }
  const median = (list: number[]) => list.sort((a, b) => a - b)[Math.floor(list.length / 2)] ?? 0
  return { ours: median(times.ours), bare: median(times.bare) }
}

/** Pieces of work a second, with as many at once as there are clients. */
async function throughput(
  work: () => Promise<unknown>,
  clients: number,
  milliseconds: number,
): Promise<number> {
  const until = performance.now() + milliseconds
  let done = 0
  const client = async () => {
    for (; performance.now() < until; done += 1) await work()
  }
  const spent = await timed(() => Promise.all(Array.from({ length: clients }, client)))
  return (done / spent) * 1000
}

const anyId = () => 1 + Math.floor(Math.random() * 10_000)
const report = (name: string, figures: object) => console.log(`${name}: ${JSON.stringify(figures)}`)
const rounded = (value = Number.NaN) => Math.round(value * 100) / 100

describe('REST beside the bare query', () => {
  it('adds at most 1.5 ms to a request of one client', async () => {
    const { ours, bare } = await medians(
      () => send(`/items?id=eq.${String(anyId())}`),
      () => database.query('select * from items where id = $1', [anyId()]),
      2000,
    )
    report('one row, p50 ms', { ours: rounded(ours), bare: rounded(bare), added: rounded(ours - bare) })
    expect(ours - bare).toBeLessThan(1.5)
  })

  it('gives a page of 1,000 rows within 1.3 times of the bare query', async () => {
    const rows = '(select * from items order by id limit 1000) as page'
    // PostgreSQL runs at one of two speeds, as the other core is wanted or not: no single stretch decides.
    const stretches = []
    for (let turn = 0; turn < 7; turn += 1) {
      const { ours, bare } = await medians(
        () => send('/items?order=id&limit=1000'),
        () => database.query(`select json_agg(page)::text as body from ${rows}`),
        100,
      )
      stretches.push({ ours, bare, ratio: ours / bare })
    }
    const { ours, bare, ratio } = stretches.sort((a, b) => a.ratio - b.ratio)[3] ?? { ratio: Infinity }
    report('1,000 rows, p50 ms', { ours: rounded(ours), bare: rounded(bare), ratio: rounded(ratio) })
    expect(ratio).toBeLessThan(1.3)
  })

  it('serves 1,000 reads of one row a second', async () => {
    const read = () => send(`/items?id=eq.${String(anyId())}`)
    await throughput(read, 16, 1000)
    const perSecond = await throughput(read, 16, 4000)
    const bare = await throughput(
      () => database.query('select * from items where id = $1', [anyId()]),
      1,
      1000,
    )
    report('reads a second', { ours: Math.round(perSecond), bareByOneConnection: Math.round(bare) })
    expect(perSecond).toBeGreaterThan(1000)
  })

  it('serves 500 writes of one row a second', async () => {
    const write = () => send(`/items?id=eq.${String(anyId())}`, 'PATCH', JSON.stringify({ amount: anyId() }))
    await throughput(write, 16, 1000)
    const perSecond = await throughput(write, 16, 4000)
    report('writes a second', { ours: Math.round(perSecond) })
    expect(perSecond).toBeGreaterThan(500)
  })
})
