import {
  createTidemark,
  type AnyTable,
  type Ports,
  type Schema,
  type Stream,
  type Tidemark,
} from '@tidemark/core'
import { syncProtocol } from '@tidemark/core/remote'
import { BehaviorSubject } from 'rxjs'
import { SimTransport, type NetworkOptions } from '../server/transport.js'
import type { Random } from './random.js'
import type { Scheduler } from './scheduler.js'
import type { TabDisk } from './storage.js'
import type { Channels, Locks } from './tabs.js'

export type AnyRow = Readonly<Record<string, unknown>>

/** What one tab stands on. */
export interface TabWorld {
  readonly name: string
  readonly user: string
  readonly schema: Schema
  readonly scheduler: Scheduler
  readonly random: Random
  readonly disk: TabDisk
  readonly channels: Channels
  readonly locks: Locks
  readonly network: NetworkOptions
}

/** One open tab of an app, with a stream of every table. */
export class Tab {
  readonly name: string
  readonly user: string
  readonly tide: Tidemark
  readonly streams = new Map<string, Stream<readonly AnyRow[]>>()
  readonly #world: TabWorld
  readonly #transport: SimTransport
  readonly #online = new BehaviorSubject(true)
  readonly #visible = new BehaviorSubject(true)
  readonly #timers = new Set<() => void>()
  /** Why `start` failed, if it did. */
  failure: unknown
  dead = false
  #ids = 0

  constructor(world: TabWorld, online: boolean) {
    this.#world = world
    this.name = world.name
    this.user = world.user
    this.#transport = new SimTransport(world.network, world.user)
    this.online = online
    const remote = Object.assign(this.#transport, { protocol: syncProtocol })
    this.tide = createTidemark({ name: 'sim', schema: world.schema, remote, ports: this.#ports() })
    for (const [name, table] of Object.entries(this.tide.tables))
      this.streams.set(
        (world.schema.tables[name] as AnyTable).name,
        table.rows$() as Stream<readonly AnyRow[]>,
      )
  }

  /** Opens the database and watches every table. */
  start(): void {
    this.tide.start(this.user).catch((error: unknown) => (this.failure = error))
    for (const stream of this.streams.values()) stream.subscribe({ error: () => undefined })
  }

  set online(online: boolean) {
    this.#transport.online = online
    this.#online.next(online)
  }

  set signedIn(signedIn: boolean) {
    this.#transport.session$.next(signedIn ? this.user : undefined)
  }

  set visible(visible: boolean) {
    this.#visible.next(visible)
  }

  /** What the tab shows of a table now. */
  rows(table: string): readonly AnyRow[] | undefined {
    return this.streams.get(table)?.current
  }

  closeHandles(): void {
    this.#world.disk.closeHandles()
  }

  /** The tab is killed, wherever it is. */
  die(): void {
    this.dead = true
    this.#world.disk.die()
    this.#transport.die()
    this.#world.channels.die(this.name)
    this.#world.locks.die(this.name)
    for (const stop of this.#timers) stop()
  }

  #ports(): Ports {
    const { scheduler, random, disk, channels, locks, name } = this.#world
    return {
      now: () => scheduler.now,
      random: () => random.next(),
      uuid: () => `${name}-${(this.#ids += 1)}`,
      hash: (text) => Promise.resolve(encodeURIComponent(text)),
      indexedDB: disk.factory,
      timer: (delay, run) => {
        const stop = scheduler.timer(delay, () => {
          this.#timers.delete(stop)
          if (!this.dead) run()
        })
        this.#timers.add(stop)
        return stop
      },
      tabs: (channel) => channels.open(name, channel),
      lock: locks.portOf(name),
      online$: this.#online,
      visible$: this.#visible,
      persist: () => Promise.resolve(true),
    }
  }
}
