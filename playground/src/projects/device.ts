import { createClient } from '@supabase/supabase-js'
import { browserPorts, type Ports } from '@tidemark/core'
import { connectFeed, createEntities, restFetcher, type Entities } from '@tidemark/core/entities'
import type { FeedState } from '@tidemark/core/invalidation'
import { BehaviorSubject, combineLatest, map } from 'rxjs'
import { NetworkBench } from '../shared/bench.js'
import type { ServerAddress } from '../shared/device.js'
import { entityTypes } from '../shared/entityTypes.js'
import { password } from '../shared/people.js'
import { openFeed, scope, type FeedKind, type FeedMakings } from './feeds.js'

export interface ProjectServers {
  readonly supabase: ServerAddress
  /** Where the Entity API's entities are. */
  readonly entityUrl: string
  readonly pubsubUrl: string
}

export type ProjectEntities = Entities<typeof entityTypes>

/** One of the two devices of the page "Projects": a user's own session, network, cached entities and feed. */
export class ProjectsDevice {
  readonly name: string
  readonly bench: NetworkBench
  readonly entities: ProjectEntities
  /** Who the device belongs to now, by e-mail address. */
  readonly user$: BehaviorSubject<string>
  readonly feedKind$: BehaviorSubject<FeedKind>
  readonly feedState$ = new BehaviorSubject<FeedState>({ name: 'idle' })
  /** What went wrong behind, last: storage that failed, rows that do not fit. */
  readonly problem$ = new BehaviorSubject<unknown>(undefined)
  /** The project that is open; a reload opens it again. */
  readonly open$: BehaviorSubject<string | undefined>
  readonly #supabase: ReturnType<typeof clientOf>
  readonly #makings: FeedMakings
  #disconnect = (): void => undefined

  constructor(name: string, { supabase: server, entityUrl, pubsubUrl }: ProjectServers, standing: string) {
    this.name = `projects-${name}`
    this.bench = new NetworkBench(this.name)
    this.user$ = new BehaviorSubject(localStorage.getItem(this.#key('email')) ?? standing)
    this.feedKind$ = new BehaviorSubject<FeedKind>(
      localStorage.getItem(this.#key('feed')) === 'pubsub' ? 'pubsub' : 'realtime',
    )
    this.open$ = new BehaviorSubject(sessionStorage.getItem(this.#key('open')) ?? undefined)
    const supabase = clientOf(server, this.bench, this.#key('session'))
    const ports = portsOf(this.bench)
    const token = async () => (await supabase.auth.getSession()).data.session?.access_token
    const fetcher = restFetcher({ url: entityUrl, token, fetch: this.bench.fetch })
    this.entities = createEntities({ name: this.name, types: entityTypes, fetcher, ports })
    this.entities.problem$.subscribe(this.problem$)
    this.#makings = { supabase, pubsubUrl, token, bench: this.bench, ports }
    this.#supabase = supabase
  }

  /** Shows the last user's entities at once, and signs in only when there is no session yet. */
  async start(): Promise<void> {
    const known = localStorage.getItem(this.#key('id'))
    if (known === null) return this.signIn(this.user$.value)
    await this.entities.start(known)
    this.#connect()
  }

  /** Signs a demo user in; the drafts of the one before stay on the device for them. */
  async signIn(email: string): Promise<void> {
    const { data, error } = await this.#supabase.auth.signInWithPassword({ email, password })
    if (error) throw error
    const { id } = data.user
    localStorage.setItem(this.#key('id'), id)
    localStorage.setItem(this.#key('email'), email)
    // A feed's connection is that of one user.
    this.#disconnect()
    await this.entities.start(id)
    this.user$.next(email)
    this.#connect()
  }

  /** Hears of changes from elsewhere from now on. */
  listen(kind: FeedKind): void {
    localStorage.setItem(this.#key('feed'), kind)
    this.feedKind$.next(kind)
    if (this.entities.userId !== undefined) this.#connect()
  }

  /** Opens a project; left out: goes back to the list. */
  open(id?: string): void {
    if (id === undefined) sessionStorage.removeItem(this.#key('open'))
    else sessionStorage.setItem(this.#key('open'), id)
    this.open$.next(id)
  }

  /** The page is left: nothing is listened to any more. */
  leave(): void {
    this.#disconnect()
  }

  #connect(): void {
    this.#disconnect()
    const feed = openFeed(this.feedKind$.value, this.#makings)
    const state = feed.state$.subscribe((next) => this.feedState$.next(next))
    const stop = connectFeed(this.entities, feed, scope)
    this.#disconnect = () => {
      stop()
      feed.close()
      state.unsubscribe()
      this.#disconnect = () => undefined
    }
  }

  #key(what: string): string {
    return `tidemark-playground:${this.name}:${what}`
  }
}

const clientOf = ({ url, anonKey }: ServerAddress, bench: NetworkBench, storageKey: string) =>
  createClient(url, anonKey, {
    db: { schema: 'app' },
    auth: { storageKey },
    global: { fetch: bench.fetch },
    realtime: { transport: bench.transport },
  })

function portsOf(bench: NetworkBench): Ports {
  const online$ = combineLatest([browserPorts.online$, bench.online$]).pipe(
    map(([device, network]) => device && network),
  )
  return { ...browserPorts, online$ }
}
