import type { LoadClient } from './client.js'
import { each, passed, round, spreadOf, type Spread } from './figures.js'
import { someOf, subscribe, type Tide } from './tide.js'

const perSocket = 20

/** Opens sockets that each subscribe to 20 entities, the first of all among them. */
export async function openSubscribed(tide: Tide, count: number): Promise<Set<LoadClient>> {
  const clients = new Set<LoadClient>()
  await each(Array(count).keys(), 50, async () => {
    clients.add(await openOne(tide))
  })
  return clients
}

async function openOne(tide: Tide): Promise<LoadClient> {
  const client = await tide.open()
  const [common = ''] = tide.entities
  await subscribe(client, [common, ...someOf(tide.entities.slice(1), perSocket - 1)])
  return client
}

/** Time until all have heard what is told, in ms. */
export function fanOut(clients: Iterable<LoadClient>, tell: () => unknown): Promise<number> {
  const begun = performance.now()
  const waiting = new Set(clients)
  return new Promise((resolve) => {
    for (const client of waiting) {
      client.hear = () => {
        client.hear = () => undefined
        waiting.delete(client)
        if (waiting.size === 0) resolve(performance.now() - begun)
      }
    }
    tell()
  })
}

/** The middle of some fan-outs. */
export async function fanOuts(clients: Iterable<LoadClient>, tell: () => unknown): Promise<number> {
  const times: number[] = []
  for (let turn = 0; turn < 5; turn += 1) times.push(await fanOut(clients, tell))
  return spreadOf(times).p50
}

/** Changes the first entity, which all subscribe to. */
export const changeCommon = ({ database, entities }: Tide): Promise<unknown> =>
  database.sql(`update app.employee set name = 'c' where id = $1`, [entities[0]])

export interface Latency extends Spread {
  readonly changes: number
  readonly heard: number
}

/**
 * Time from sending a change to Postgres until each subscriber hears of it, in ms: the commit is part of it.
 * @param seconds how long 100 changes a second are made
 */
export async function latency(tide: Tide, clients: Iterable<LoadClient>, seconds: number): Promise<Latency> {
  const sentAt = new Map<string, number>()
  const times: number[] = []
  for (const client of clients) {
    client.hear = (text) => {
      const now = performance.now()
      for (const [, id = '', version = ''] of text.matchAll(
        /"entityId":"([^"]+)","action":"UPDATE","version":(\d+)/g,
      )) {
        const at = sentAt.get(`${id}${version}`)
        if (at !== undefined) times.push(now - at)
      }
    }
  }
  const count = seconds * 100
  const begun = performance.now()
  const running: Promise<unknown>[] = []
  const versions = new Map<string, number>()
  for (let made = 0; made < count; made += 1) {
    const id = tide.entities[1 + (made % (tide.entities.length - 1))] ?? ''
    const version = (versions.get(id) ?? (await versionOf(tide, id))) + 1
    versions.set(id, version)
    const late = begun + made * 10 - performance.now()
    if (late > 0) await passed(late)
    sentAt.set(`${id}${version}`, performance.now())
    running.push(tide.database.sql(`update app.employee set name = 'l' where id = $1`, [id]))
  }
  await Promise.all(running)
  await passed(1_000)
  return { ...spreadOf(times), changes: count, heard: times.length }
}

async function versionOf(tide: Tide, id: string): Promise<number> {
  const [row] = await tide.database.sql<{ version: string }>(
    'select version from app.employee where id = $1',
    [id],
  )
  return Number(row?.version)
}

export interface Churn {
  readonly minutes: number
  readonly reopened: number
  /** Resident memory of the service in MB: at first, at most, at last. */
  readonly first: number
  readonly most: number
  readonly last: number
}

/** Closes and opens sockets all the time, about fifty a second. */
export async function churn(tide: Tide, clients: Set<LoadClient>, minutes: number): Promise<Churn> {
  const until = performance.now() + minutes * 60_000
  const memory: number[] = []
  let reopened = 0
  while (performance.now() < until) {
    const next = passed(1_000)
    const some = [...clients].slice(0, 50)
    await each(some, 10, async (client) => {
      clients.delete(client)
      await client.close()
      clients.add(await openOne(tide))
      reopened += 1
    })
    memory.push(await tide.service.memory())
    await next
  }
  const [first = NaN, last = NaN] = [memory[0], memory.at(-1)]
  return { minutes, reopened, first: round(first), most: round(Math.max(...memory)), last: round(last) }
}
