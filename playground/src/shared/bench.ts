import { BehaviorSubject } from 'rxjs'

/** What a device's network does on request. */
export interface BenchSettings {
  readonly offline: boolean
  /** Added to each request, in ms. */
  readonly latency: number
  /** Share of requests that reach the server and whose answer is lost, 0 to 1. */
  readonly lostAnswers: number
  /** Share of requests that the server answers with 503, 0 to 1. */
  readonly serverErrors: number
  /** The session counts as expired, and cannot be renewed. */
  readonly expired: boolean
  readonly realtimeOff: boolean
}

export const calm: BenchSettings = {
  offline: false,
  latency: 0,
  lostAnswers: 0,
  serverErrors: 0,
  expired: false,
  realtimeOff: false,
}

/** The network of one device: `fetch` and `WebSocket` for its client, and the settings that bend them. */
export class NetworkBench {
  readonly settings$: BehaviorSubject<BenchSettings>
  readonly online$: BehaviorSubject<boolean>
  readonly #storageKey: string
  readonly #sockets = new Set<WebSocket>()
  /** Requests that left the device, newest last; for the bench's counter and the tests. */
  requests = 0

  constructor(device: string) {
    this.#storageKey = `tidemark-playground:${device}:bench`
    const stored = sessionStorage.getItem(this.#storageKey)
    const settings = stored === null ? calm : { ...calm, ...(JSON.parse(stored) as Partial<BenchSettings>) }
    this.settings$ = new BehaviorSubject(settings)
    this.online$ = new BehaviorSubject(!settings.offline)
  }

  get settings(): BenchSettings {
    return this.settings$.value
  }

  /** Changes settings; they last as long as the browser's tab, so that a reload finds the device offline still. */
  set(change: Partial<BenchSettings>): void {
    const settings = { ...this.settings, ...change }
    sessionStorage.setItem(this.#storageKey, JSON.stringify(settings))
    this.settings$.next(settings)
    if (this.#socketsBlocked()) for (const socket of this.#sockets) socket.close()
    if (this.online$.value === settings.offline) this.online$.next(!settings.offline)
  }

  readonly fetch: typeof fetch = async (input, init) => {
    const { latency, expired } = this.settings
    this.#failWhenOffline()
    if (latency > 0) await new Promise((resolve) => setTimeout(resolve, latency))
    this.#failWhenOffline()
    const { pathname } = new URL(input instanceof Request ? input.url : input)
    if (expired && !this.#isSignIn(input)) return expiredAnswer(pathname)
    if (Math.random() < this.settings.serverErrors)
      return json(503, { code: 'PGRST001', message: 'The bench refuses this one.' })
    this.requests += 1
    const response = await fetch(input, init)
    this.#failWhenOffline()
    if (Math.random() < this.settings.lostAnswers && !pathname.startsWith('/auth/'))
      throw new TypeError('The bench lost the answer.')
    return response
  }

  /** A WebSocket constructor for the client's realtime part. */
  readonly transport = (() => {
    const connect = (url: string, protocols?: string | string[]): WebSocket => this.#connect(url, protocols)
    return function BenchSocket(url: string, protocols?: string | string[]) {
      return connect(url, protocols)
    } as unknown as typeof WebSocket
  })()

  #connect(url: string, protocols?: string | string[]): WebSocket {
    if (this.#socketsBlocked()) return deadSocket()
    const socket = new WebSocket(url, protocols)
    this.#sockets.add(socket)
    socket.addEventListener('close', () => this.#sockets.delete(socket))
    return socket
  }

  #socketsBlocked(): boolean {
    return this.settings.offline || this.settings.realtimeOff
  }

  #failWhenOffline(): void {
    if (this.settings.offline) throw new TypeError('The bench is offline.')
  }

  #isSignIn(input: RequestInfo | URL): boolean {
    return String(input instanceof Request ? input.url : input).includes('grant_type=password')
  }
}

/** A socket that never opens: what a page gets without a network. */
function deadSocket(): WebSocket {
  const socket = Object.assign(new EventTarget(), {
    readyState: 0,
    bufferedAmount: 0,
    onopen: null,
    onmessage: null,
    onerror: null as (() => void) | null,
    onclose: null as ((event: CloseEvent) => void) | null,
    send: () => undefined,
    close: () => undefined,
  })
  setTimeout(() => {
    socket.readyState = 3
    socket.onclose?.(new CloseEvent('close', { code: 1006 }))
  })
  return socket as unknown as WebSocket
}

function expiredAnswer(pathname: string): Response {
  return pathname.startsWith('/auth/')
    ? json(400, {
        code: 'refresh_token_not_found',
        message: 'Invalid Refresh Token: Refresh Token Not Found',
      })
    : json(401, { code: 'PGRST303', message: 'JWT expired', details: null, hint: null })
}

const json = (status: number, body: unknown): Response =>
  new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json' } })
