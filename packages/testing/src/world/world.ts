import type { Schema } from '@tidemark/core'
import type { ExactChange } from '@tidemark/core/remote'
import { SimServer, type Policies } from '../server/server.js'
import { fairWeather, type NetworkOptions, type Weather } from '../server/transport.js'
import { seeded, type Random } from './random.js'
import { Scheduler } from './scheduler.js'
import { Disk } from './storage.js'
import { takeOver } from './surroundings.js'
import { Tab } from './tab.js'
import { Channels, Locks } from './tabs.js'

export interface WorldOptions {
  readonly seed: number
  readonly schema: Schema
  readonly policies?: Readonly<Record<string, Policies>>
  /** Rows a page of a pull. Small, so that pulls have many. Default: 3. */
  readonly pageSize?: number
}

/** A device: a disk, its tabs, and whether it has a network. */
export class Device {
  readonly name: string
  readonly disk = new Disk()
  readonly channels: Channels
  readonly locks: Locks
  readonly tabs: Tab[] = []
  user: string
  online = true
  signedIn = true
  opened = 0
  /** Everyone who has used it. */
  readonly users = new Set<string>()

  constructor(name: string, user: string, scheduler: Scheduler) {
    this.name = name
    this.user = user
    this.channels = new Channels(scheduler)
    this.locks = new Locks(scheduler)
  }
}

/** Everything there is in a simulation: a server, devices with tabs, a network, and time. */
export class World {
  /** What decides about the present step. Each step has its own, so that it is the same when others are left out. */
  random: Random
  /** What decides about the order of things, the network and the apps. */
  readonly #chance: Random
  readonly scheduler: Scheduler
  readonly server: SimServer
  readonly devices: Device[] = []
  readonly weather: Weather = { ...fairWeather }
  /** Every pushed change that took effect, in that order. */
  readonly applied: { readonly user: string; readonly change: ExactChange }[] = []
  readonly #options: WorldOptions
  readonly #giveBack: () => void

  constructor(options: WorldOptions) {
    this.#options = options
    this.#chance = seeded(options.seed)
    this.random = this.#chance
    this.scheduler = new Scheduler(this.#chance)
    this.#giveBack = takeOver(this.scheduler)
    this.server = new SimServer({
      tables: Object.values(options.schema.tables),
      policies: options.policies ?? {},
      now: () => this.scheduler.now,
      pageSize: options.pageSize ?? 3,
    })
  }

  addDevice(name: string, user: string): Device {
    const device = new Device(name, user, this.scheduler)
    this.devices.push(device)
    return device
  }

  openTab(device: Device): Tab {
    device.opened += 1
    device.users.add(device.user)
    const tab = new Tab(
      {
        name: `${device.name}.${device.opened}`,
        user: device.user,
        schema: this.#options.schema,
        scheduler: this.scheduler,
        random: this.#chance,
        disk: device.disk.open(),
        channels: device.channels,
        locks: device.locks,
        network: this.#network(),
      },
      device.online,
    )
    device.tabs.push(tab)
    tab.signedIn = device.signedIn
    tab.start()
    return tab
  }

  kill(device: Device, tab: Tab): void {
    tab.die()
    device.tabs.splice(device.tabs.indexOf(tab), 1)
  }

  signIn(device: Device): void {
    device.signedIn = true
    for (const tab of device.tabs) tab.signedIn = true
  }

  /** All tabs are closed, and another user opens the app. */
  switchUser(device: Device, user: string): void {
    for (const tab of [...device.tabs]) this.kill(device, tab)
    device.user = user
    this.signIn(device)
    this.openTab(device)
  }

  setOnline(device: Device, online: boolean): void {
    device.online = online
    for (const tab of device.tabs) tab.online = online
  }

  /** Gives the machine back what the world has taken over. */
  end(): void {
    for (const device of this.devices) for (const tab of [...device.tabs]) this.kill(device, tab)
    this.#giveBack()
  }

  #network(): NetworkOptions {
    const { server, scheduler, weather, applied } = this
    const tell: NetworkOptions['applied'] = (user, change) => applied.push({ user, change })
    return { server, scheduler, random: this.#chance, weather, applied: tell }
  }
}
