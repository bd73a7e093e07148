import { calendarSchema, createCalendar, type CalendarApp, type CalendarOptions } from '@tidemark/calendar'
import { browserPorts, days, type Ports } from '@tidemark/core'
import {
  simulatedServer,
  type Connection,
  type Refusal,
  type ServerWrites,
  type SimulatedServer,
} from '@tidemark/testing/server'
import { Clock } from './clock.ts'
import { StoryDisk } from './disk.ts'
import { ada, id } from './people.ts'
import { policies } from './policies.ts'
import { writeEvents, type Told } from './seed.ts'

export interface StageOptions {
  /** When the story begins, in ms since the epoch. */
  readonly start: number
  /** Default: `exact`. */
  readonly mode?: 'exact' | 'plain'
  /** What decides when both sides changed an event. Default: `merge`. */
  readonly conflict?: CalendarOptions['conflict']
}

/** Where a story happens: Ada's device with the real core, its server, and everything that can happen to them. */
export class Stage {
  readonly clock: Clock
  readonly server: SimulatedServer
  readonly device: Connection
  readonly disk = new StoryDisk()
  /** The surroundings of everything on this device. */
  readonly ports: Ports
  readonly calendar: CalendarApp
  /** Part of the names of the databases, so that no story meets another. */
  readonly name = `story-${crypto.randomUUID()}`
  readonly #options: CalendarOptions
  readonly #ends: (() => void | Promise<void>)[] = []

  constructor({ start, mode, conflict }: StageOptions) {
    this.clock = new Clock(start)
    this.server = simulatedServer({ schema: calendarSchema, policies, ports: this.clock })
    this.server.weather.delay = 5
    this.device = this.server.connect(ada, mode)
    this.ports = this.#surroundings()
    this.#options = {
      name: this.name,
      remote: this.device.remote,
      ports: this.ports,
      ...(conflict && { conflict }),
    }
    this.calendar = this.#open()
  }

  /** Opens the app; resolves when local data can be read. */
  readonly open = (): Promise<void> => this.calendar.tide.start(ada)

  /** Opens the app, and waits until everything is the same on both sides. */
  readonly openSynced = async (): Promise<void> => {
    await this.open()
    await this.synced()
  }

  readonly synced = (): Promise<void> => this.until(({ tide }) => tide.status$.current?.name === 'synced')

  /** Closes the app and opens it again, as a reload does. */
  readonly reopen = async (): Promise<void> => {
    await this.calendar.tide.stop()
    await this.open()
  }

  readonly offline = (): void => void (this.device.online = false)
  readonly online = (): void => void (this.device.online = true)
  readonly realtimeDown = (): void => void (this.device.realtime = false)
  readonly expireSession = (): void => void Object.assign(this.server.weather, { expired: 1 })
  readonly signOut = (): void => void (this.device.signedIn = false)
  readonly serverBusy = (): void => void Object.assign(this.server.weather, { serverError: 1 })
  readonly storageFull = (): void => void (this.disk.full = true)
  readonly storageBroken = (): void => void (this.disk.broken = true)
  readonly olderTab = (): void => void (this.disk.olderTab = true)

  /** Lets days go by at once. */
  readonly wait = (count: number): void => this.clock.pass(days(count))

  /** Refuses writes from now on, by an SQLSTATE. */
  readonly refuse = (code: string, rest: Omit<Refusal, 'code'> = {}): void =>
    this.server.refuse({ code, ...rest })

  /** What another device of Ada's, or another person, writes to the server. */
  readonly otherDevice = (work: (tables: ServerWrites) => void): void => this.server.write(work)

  /** Puts events on the server, numbered from `first` on. */
  readonly events = (told: readonly Told[], first = 1): void =>
    this.server.write((tables) => writeEvents(tables, told, first))

  /** The owner of an event takes Ada off its list. */
  readonly loseAccess = (event: number): void =>
    this.server.write(({ remove }) => remove('event_user_roles', [id('event', event), ada]))

  /** Opens the app in another tab of the same browser. */
  readonly otherTab = async (): Promise<CalendarApp> => {
    const app = this.#open()
    await app.tide.start(ada)
    return app
  }

  /** Waits for what a story is about. */
  readonly until = async (reached: (calendar: CalendarApp) => boolean): Promise<void> => {
    const end = performance.now() + 10_000
    while (!reached(this.calendar)) {
      if (performance.now() > end)
        throw new Error(`The story never gets there: ${JSON.stringify(this.calendar.tide.status$.current)}`)
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
  }

  /** Calls `end` when nobody looks any more. */
  readonly atEnd = (end: () => void | Promise<void>): void => void this.#ends.unshift(end)

  /** Closes everything, and deletes what lies in the browser. */
  async end(): Promise<void> {
    this.disk.closeOlderTab()
    for (const end of this.#ends.splice(0)) await end()
    this.device.close()
    this.clock.stop()
    for (const { name = '' } of await indexedDB.databases())
      if (name.includes(this.name)) indexedDB.deleteDatabase(name)
  }

  #open(): CalendarApp {
    const app = createCalendar(this.#options)
    this.atEnd(() => app.tide.stop())
    return app
  }

  #surroundings(): Ports {
    const { clock, device, disk } = this
    return {
      ...browserPorts,
      now: () => clock.now(),
      timer: (delay, run) => clock.timer(delay, run),
      random: () => 0.5,
      indexedDB: disk.factory,
      online$: device.online$,
    }
  }
}
