import type { ChannelSink, ChannelTable, Remote, Transport } from '@tidemark/core'
import { syncProtocol } from '@tidemark/core/remote'
import { BehaviorSubject, type Observable } from 'rxjs'
import { PlainTables } from './plainTables.js'
import { SimTransport, type NetworkOptions } from './transport.js'

/** One device's way to the simulated server, in the name of a user. */
export class Connection {
  readonly user: string
  readonly remote: Remote
  readonly #transport: SimTransport
  readonly #online = new BehaviorSubject(true)
  readonly #sinks = new Set<ChannelSink>()
  #flows = true

  /** @param mode `plain`: the server has nothing but tables with `updated_at` */
  constructor(options: NetworkOptions, user: string, mode: 'exact' | 'plain') {
    this.user = user
    this.#transport = new SimTransport(options, user)
    const { id, session$, exact, select, refresh } = this.#transport
    const channel: Transport['channel'] = (name, tables, sink) => this.#channel(name, tables, sink)
    const { insert, update, remove } = new PlainTables(options.server, user, refresh)
    const tables = { select, insert, update, remove }
    this.remote = {
      id,
      session$,
      refresh,
      channel,
      protocol: syncProtocol,
      ...tables,
      ...(mode === 'exact' && { exact }),
    }
  }

  /** What the device says of its network: give it to the app as the port `online$`. */
  get online$(): Observable<boolean> {
    return this.#online
  }

  /** Takes the device off the network, or brings it back. */
  set online(online: boolean) {
    this.#transport.online = online
    this.#online.next(online)
    this.#tell()
  }

  /** Signs the user out at the server, or in again. */
  set signedIn(signedIn: boolean) {
    this.#transport.session$.next(signedIn ? this.user : undefined)
  }

  /** Lets events flow, or not: the socket is down then, while requests go on. */
  set realtime(flows: boolean) {
    this.#flows = flows
    this.#tell()
  }

  /** Nothing arrives at the device any more. */
  close(): void {
    this.#transport.die()
    this.#sinks.clear()
  }

  get #joined(): boolean {
    return this.#flows && this.#online.value
  }

  #tell(): void {
    for (const sink of this.#sinks) sink.state(this.#joined ? 'joined' : 'lost')
  }

  #channel(name: string, tables: readonly ChannelTable[], sink: ChannelSink): () => void {
    this.#sinks.add(sink)
    const leave = this.#transport.channel(name, tables, {
      event: (event) => this.#flows && sink.event(event),
      state: () => sink.state(this.#joined ? 'joined' : 'lost'),
    })
    return () => {
      leave()
      this.#sinks.delete(sink)
    }
  }
}
