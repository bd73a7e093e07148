import type { ChannelSink, ChannelTable, RemoteEvent, SelectRequest, Table, Transport } from '@tidemark/core'
import {
  compileOrder,
  compilePredicate,
  RemoteError,
  type ExactChange,
  type ExactMutation,
} from '@tidemark/core/remote'
import { BehaviorSubject } from 'rxjs'
import type { Scheduler } from '../world/scheduler.js'
import type { Random } from '../world/random.js'
import { SqlError, type Row } from './database.js'
import { digest } from './digest.js'
import { pull } from './pull.js'
import { push } from './push.js'
import type { SimServer } from './server.js'

/** What the network does to requests and events. Probabilities, and ms. */
export interface Weather {
  /** A request does not arrive. */
  dropRequest: number
  /** It arrives, and its answer does not. */
  dropAnswer: number
  /** It arrives twice. */
  duplicate: number
  /** The server answers with a 503. */
  serverError: number
  /** The session has expired; it can be renewed. */
  expired: number
  /** An event does not arrive. */
  dropEvent: number
  /** The longest that anything is under way. */
  delay: number
}

export const fairWeather: Weather = {
  dropRequest: 0,
  dropAnswer: 0,
  duplicate: 0,
  serverError: 0,
  expired: 0,
  dropEvent: 0,
  delay: 40,
}

export interface NetworkOptions {
  readonly server: SimServer
  readonly scheduler: Scheduler
  readonly random: Random
  readonly weather: Weather
  /** Told of each pushed change that takes effect, with whose it was. */
  readonly applied: (user: string, change: ExactChange) => void
}

/** One tab's way to the server, in the name of a user. */
export class SimTransport implements Transport {
  readonly id = 'sim'
  readonly session$: BehaviorSubject<string | undefined>
  readonly #options: NetworkOptions
  readonly #user: string
  #online = true
  #dead = false

  constructor(options: NetworkOptions, user: string) {
    this.#options = options
    this.#user = user
    this.session$ = new BehaviorSubject<string | undefined>(user)
  }

  set online(online: boolean) {
    this.#online = online
  }

  /** The tab is gone: nothing arrives here any more. */
  die(): void {
    this.#dead = true
  }

  readonly exact: NonNullable<Transport['exact']> = {
    pull: (request) => this.#ask(() => pull(this.#options.server, this.#user, request)),
    push: (client, mutations) =>
      this.#ask(() =>
        push(
          this.#options.server,
          this.#user,
          client,
          structuredClone<readonly ExactMutation[]>(mutations),
          (change) => this.#options.applied(this.#user, change),
        ),
      ),
    digest: (request) => this.#ask(() => digest(this.#options.server, this.#user, request)),
  }

  select = ({ table, where, order, after, limit }: SelectRequest): Promise<Row[]> =>
    this.#ask(() => {
      const later = after && compileOrder(Object.keys(after), [])
      const sort = compileOrder(
        order.map(([column, direction]) => ({ [column]: direction })),
        table.key,
      )
      const rows = this.#options.server.visible(this.#user, table.name).filter(compilePredicate(where))
      return rows
        .filter((row) => !later || later(row, after) > 0)
        .sort(sort)
        .slice(0, limit)
    })

  insert = (table: Table): Promise<Row[]> => this.#ask(() => plainWrite(table))

  update = (table: Table): Promise<Row[]> => this.#ask(() => plainWrite(table))

  remove = (table: Table): Promise<Row[]> => this.#ask(() => plainWrite(table))

  channel = (_name: string, tables: readonly ChannelTable[], sink: ChannelSink): (() => void) => {
    const { server, scheduler, random, weather } = this.#options
    const names = new Set(tables.map(({ table }) => table.name))
    let open = true
    const later = (run: () => void): void => {
      scheduler.timer(random.int(weather.delay), () => {
        if (open && !this.#dead) run()
      })
    }
    const hear = (event: RemoteEvent): void => {
      if (!this.#online || random.chance(weather.dropEvent) || !names.has(event.table)) return
      later(() => sink.event(structuredClone(event)))
      if (random.chance(weather.duplicate)) later(() => sink.event(structuredClone(event)))
    }
    const stop = server.listen((eventsOf) => eventsOf(this.#user).forEach(hear))
    later(() => sink.state(this.#online ? 'joined' : 'lost'))
    return () => {
      open = false
      stop()
    }
  }

  refresh = (): Promise<boolean> => this.#ask(() => true)

  #ask<T>(answer: () => T): Promise<T> {
    const { scheduler, random, weather } = this.#options
    return new Promise((resolve, reject) => {
      const back = (run: () => void): void => {
        scheduler.timer(random.int(weather.delay), () => !this.#dead && run())
      }
      const fail = (status: number, serverCode?: string, message = 'The network failed.'): void =>
        reject(new RemoteError({ status, message, ...(serverCode !== undefined && { serverCode }) }))
      if (!this.#online || random.chance(weather.dropRequest)) return back(() => fail(0))
      if (random.chance(weather.serverError)) return back(() => fail(503))
      if (random.chance(weather.expired)) return back(() => fail(401))
      const lost = random.chance(weather.dropAnswer)
      const arrive = (first: boolean): void => {
        const outcome = settle(answer)
        if (!first) return
        back(() => {
          if (lost || !this.#online) return fail(0)
          if (outcome.ok) return resolve(structuredClone(outcome.value))
          fail(400, outcome.error.code, outcome.error.message)
        })
      }
      scheduler.timer(random.int(weather.delay), () => arrive(true))
      if (random.chance(weather.duplicate))
        scheduler.timer(random.int(weather.delay * 4), () => arrive(false))
    })
  }
}

/** The simulated server has exact mode for every table, so nothing is written in plain mode. */
function plainWrite({ name }: Table): never {
  throw new SqlError('0A000', `'${name}' is written in plain mode, which is not simulated.`)
}

type Outcome<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: SqlError }

/** @throws what is no failure of the server but of the simulation */
function settle<T>(answer: () => T): Outcome<T> {
  try {
    return { ok: true, value: answer() }
  } catch (error) {
    if (error instanceof SqlError) return { ok: false, error }
    throw error
  }
}
