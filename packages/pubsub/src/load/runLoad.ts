import { startChild } from './children.js'
import { openClient, plain, socketIo, type LoadClient } from './client.js'
import { each, passed, round, spreadOf } from './figures.js'
import { changeCommon, churn, fanOuts, latency, openSubscribed } from './phases.js'
import { startTide, subscribe, type Tide } from './tide.js'

export interface LoadOptions {
  /** How many sockets there are at most; 10,000 at most. */
  readonly sockets: number
  /** How long sockets come and go; 10 at most. */
  readonly minutes: number
  /** How long 100 changes a second are made. */
  readonly seconds: number
  readonly say: (line: string) => void
}

/**
 * Measures the service on this computer, and in the same run a plain broadcast of `ws` (the limit) and `socket.io`, which tell
 * as many sockets as much. Everything listens on the loopback only.
 * @returns the figures, as they are printed too
 */
export async function runLoad(options: LoadOptions): Promise<Record<string, unknown>> {
  const sockets = Math.min(options.sockets, 10_000)
  const figures: Record<string, unknown> = { sockets }
  const tell = (name: string, value: unknown) => {
    figures[name] = value
    options.say(`${name}: ${JSON.stringify(value)}`)
  }
  const tide = await startTide(20_000)
  try {
    await measureSmall(tide, Math.min(1_000, sockets), options.seconds, tell)
    await measureLarge(tide, sockets, Math.min(options.minutes, 10), tell)
  } finally {
    await tide.stop()
  }
  for (const [name, dialect] of [
    ['ws', plain],
    ['socket.io', socketIo],
  ] as const) {
    if (isInstalled(name)) await measurePeer(name, dialect, sockets, tell)
    else options.say(`${name} is not installed, and so not compared with.`)
  }
  tell('ratios', ratiosOf(figures))
  return figures
}

type Tell = (name: string, value: unknown) => void

async function measureSmall(tide: Tide, sockets: number, seconds: number, tell: Tell): Promise<void> {
  const clients = await openSubscribed(tide, sockets)
  tell(
    `commit to INVALIDATE at ${sockets} sockets, 100 changes a second, ms`,
    await latency(tide, clients, seconds),
  )
  const client = await tide.open()
  const times: number[] = []
  for (let turn = 0; turn < 10; turn += 1) {
    times.push(await subscribe(client, tide.entities.slice(turn * 1_000, (turn + 1) * 1_000)))
  }
  tell('subscribing to 1,000 entities in one message, ms', spreadOf(times))
  await closeAll([...clients, client])
}

async function measureLarge(tide: Tide, sockets: number, minutes: number, tell: Tell): Promise<void> {
  const begun = performance.now()
  const clients = await openSubscribed(tide, sockets)
  tell('opening, authenticating and subscribing them, s', round((performance.now() - begun) / 1_000))
  await passed(2_000)
  tell('tidemark memory, MB', round(await tide.service.memory()))
  tell('tidemark fan-out, ms', await fanOuts(clients, () => changeCommon(tide)))
  if (minutes > 0) tell('churn', await churn(tide, clients, minutes))
  await closeAll(clients)
}

async function measurePeer(name: string, dialect: typeof plain, sockets: number, tell: Tell): Promise<void> {
  const child = await startChild(name === 'ws' ? 'wsChild' : 'socketIoChild')
  try {
    const clients = new Set<LoadClient>()
    await each(Array(sockets).keys(), 50, async () => {
      clients.add(await openClient(child.url, dialect))
    })
    await passed(2_000)
    tell(`${name} memory, MB`, round(await child.memory()))
    tell(`${name} fan-out, ms`, await fanOuts(clients, () => child.broadcast()))
    await closeAll(clients)
  } finally {
    await child.stop()
  }
}

/** socket.io is wanted for the comparison alone, so it does not come with the package. */
function isInstalled(name: string): boolean {
  try {
    return import.meta.resolve(name) !== ''
  } catch {
    return false // That is the answer.
  }
}

const closeAll = (clients: Iterable<LoadClient>): Promise<void> =>
  each(clients, 200, (client) => client.close())

/** The service against the others: below 1 it needs less. */
function ratiosOf(figures: Readonly<Record<string, unknown>>): Record<string, number> {
  const of = (name: string) => Number(figures[name])
  const pairs = ['ws', 'socket.io'].flatMap((peer) =>
    ['memory, MB', 'fan-out, ms'].map((what) => [
      `${what.split(',')[0] ?? ''} to ${peer}`,
      round(of(`tidemark ${what}`) / of(`${peer} ${what}`)),
    ]),
  )
  return Object.fromEntries(pairs) as Record<string, number>
}
