import { Observable } from 'rxjs'
import { classify, RemoteError } from './errors.js'
import type { SessionUser } from './remote.js'

/** What the core needs to know of a Supabase session. */
export interface AuthSession {
  readonly access_token: string
  readonly user: { readonly id: string }
}

interface AuthFailure {
  readonly name: string
  readonly message: string
  readonly status?: number | undefined
  readonly code?: string | undefined
}

interface AuthAnswer {
  readonly data: { readonly session: AuthSession | null }
  readonly error: AuthFailure | null
}

/** The part of supabase-js' auth client that is used here. */
export interface AuthClient {
  getSession(): Promise<AuthAnswer>
  refreshSession(): Promise<AuthAnswer>
  onAuthStateChange(heard: (event: string, session: AuthSession | null) => void): {
    readonly data: { readonly subscription: { unsubscribe(): void } }
  }
}

export interface Auth {
  readonly session$: Observable<SessionUser>
  /**
   * The access token that requests of the signed-in user carry. Without it supabase-js would ask as nobody, and the
   * policies would answer nobody's question: no rows, and no error.
   *
   * @throws RemoteError `sign-in` when no one, or another user than `session$` has told of, is signed in; `retry` when the
   * session must be renewed and the server does not answer.
   */
  token(): Promise<string>
  /** @see Remote.refresh */
  refresh(): Promise<boolean>
}

/** Follows who is signed in at a client of supabase-js. */
export function authOf(auth: AuthClient): Auth {
  let told: AuthSession | null | undefined
  const session$ = new Observable<SessionUser>((subscriber) => {
    let last: AuthSession | null | undefined
    const tell = (event: string, session: AuthSession | null): void => {
      told = session
      // Coming back to a tab signs in again, with nothing new in it; a refresh may make the same token within a second.
      const same = last !== undefined && last?.access_token === session?.access_token
      last = session
      if (!same || event === 'TOKEN_REFRESHED') subscriber.next(session?.user.id)
    }
    const { data } = auth.onAuthStateChange((event, session) => {
      // No other method of auth may be called in here: supabase-js may hold its lock.
      if (event === 'INITIAL_SESSION' && !session) queueMicrotask(() => void tellUnlessUnknown(event))
      else tell(event, session)
    })
    /** A session that cannot be renewed for want of a network is told as none at the start: who it is, is told later. */
    const tellUnlessUnknown = async (event: string): Promise<void> => {
      const { data, error } = await auth.getSession()
      if (last === undefined && !subscriber.closed && !(error && passes(error))) tell(event, data.session)
    }
    return () => data.subscription.unsubscribe()
  })
  const token = async (): Promise<string> => {
    const { data, error } = await auth.getSession()
    if (error && passes(error)) throw failure(error)
    if (!data.session) throw signIn('No one is signed in.', error)
    if (told !== undefined && told?.user.id !== data.session.user.id)
      throw signIn('Another user has signed in.')
    return data.session.access_token
  }
  return { session$, token, refresh: () => refresh(auth) }
}

/** supabase-js makes one request of refreshes at the same time, and sees when another tab was quicker. */
async function refresh(auth: AuthClient): Promise<boolean> {
  const { data, error } = await auth.refreshSession()
  if (!error) return data.session !== null
  if (passes(error)) throw failure(error)
  const elsewhere = error.name === 'AuthRefreshDiscardedError' || error.code === 'refresh_token_already_used'
  return elsewhere && (await auth.getSession()).data.session !== null
}

/** Failures of the network and of a server in trouble; the session is kept. */
const passes = ({ name, status }: AuthFailure): boolean =>
  name === 'AuthRetryableFetchError' || (status !== undefined && classify(status) === 'retry')

const failure = (error: AuthFailure): RemoteError =>
  new RemoteError({ kind: 'retry', status: error.status ?? 0, message: error.message, cause: error })

const signIn = (message: string, cause?: unknown): RemoteError =>
  new RemoteError({ kind: 'sign-in', status: 401, message, cause })
