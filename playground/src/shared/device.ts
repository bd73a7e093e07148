import { createClient, type SupabaseClient } from '@supabase/supabase-js'
import { createCalendar, type CalendarApp } from '@tidemark/calendar'
import { browserPorts } from '@tidemark/core'
import { supabaseRemote } from '@tidemark/core/supabase'
import { BehaviorSubject, combineLatest, map } from 'rxjs'
import { NetworkBench } from './bench.js'
import { password, type DemoUser } from './people.js'

/** The page is in English, with the times and weeks of Europe. */
export const locale = 'en-GB'

export interface ServerAddress {
  readonly url: string
  readonly anonKey: string
}

/** One of the two devices: a user's own client, network and local database. */
export class Device {
  readonly name: string
  readonly bench: NetworkBench
  readonly calendar: CalendarApp
  /** Who the device belongs to now, by e-mail address. */
  readonly user$: BehaviorSubject<string>
  /** The assistant that was chosen on this device, by id; `undefined`: nobody chose yet. */
  readonly persona$: BehaviorSubject<string | undefined>
  readonly #supabase: SupabaseClient
  readonly #storageKey: string

  constructor(name: string, server: ServerAddress, standing: DemoUser) {
    this.name = name
    this.#storageKey = `tidemark-playground:${name}:user`
    this.bench = new NetworkBench(name)
    this.user$ = new BehaviorSubject(localStorage.getItem(`${this.#storageKey}:email`) ?? standing.email)
    this.persona$ = new BehaviorSubject(localStorage.getItem(`${this.#storageKey}:persona`) ?? undefined)
    this.#supabase = createClient(server.url, server.anonKey, {
      auth: { storageKey: `tidemark-playground:${name}:session` },
      global: { fetch: this.bench.fetch },
      realtime: { transport: this.bench.transport },
    })
    const online$ = combineLatest([browserPorts.online$, this.bench.online$]).pipe(
      map(([device, bench]) => device && bench),
    )
    this.calendar = createCalendar({
      name: `playground-${name}`,
      remote: supabaseRemote(this.#supabase),
      ports: { ...browserPorts, online$ },
    })
  }

  /** Shows the last user's local data at once, and signs in only when there is no session yet. */
  async start(): Promise<void> {
    const known = localStorage.getItem(`${this.#storageKey}:id`)
    if (known !== null) return this.calendar.tide.start(known)
    await this.signIn(this.user$.value)
  }

  /** Signs a demo user in; what the one before has pending stays on the device for them. */
  async signIn(email: string): Promise<void> {
    const { data, error } = await this.#supabase.auth.signInWithPassword({ email, password })
    if (error) throw error
    localStorage.setItem(`${this.#storageKey}:id`, data.user.id)
    localStorage.setItem(`${this.#storageKey}:email`, email)
    this.user$.next(email)
    await this.calendar.tide.start(data.user.id)
  }

  /** Works with an assistant from now on. */
  choosePersona(id: string): void {
    localStorage.setItem(`${this.#storageKey}:persona`, id)
    this.persona$.next(id)
  }
}
