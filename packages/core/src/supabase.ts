import { supabaseTransport, type SupabaseClientLike, type SupabaseRemoteOptions } from './remote/supabase.js'
import type { Remote } from './remote/protocol.js'
import { syncProtocol } from './sync/protocol.js'

export type { SupabaseRemoteOptions }

/**
 * A Supabase project as a remote, through the app's own client: its session, its headers, its policies. Tables for which
 * `tidemark sql` was run are synchronised in exact mode, the others in plain mode; `status$` says which.
 *
 * @param client a client of supabase-js that signs its users in itself (without the option `accessToken`)
 * @example
 * createTidemark({ name: 'calendar', schema, remote: supabaseRemote(createClient(url, key)) })
 */
export const supabaseRemote = (client: SupabaseClientLike, options: SupabaseRemoteOptions = {}): Remote => ({
  ...supabaseTransport(client, options),
  protocol: syncProtocol,
})
