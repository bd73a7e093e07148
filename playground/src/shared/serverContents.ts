import { createClient } from '@supabase/supabase-js'
import { calendarSchema } from '@tidemark/calendar'
import type { ServerAddress } from './device.js'
import { password } from './people.js'

export interface ServerContents {
  readonly counts: readonly (readonly [table: string, rows: number])[]
  readonly latest: readonly { readonly id: string; readonly title: string; readonly updated_at: string }[]
}

/** Reads what the server holds for a user, past every local database. */
export function serverReader(server: ServerAddress): (email: string) => Promise<ServerContents> {
  const supabase = createClient(server.url, server.anonKey, {
    auth: { persistSession: false, autoRefreshToken: false, storageKey: 'tidemark-playground:server' },
  })
  let signedIn: string | undefined
  return async (email) => {
    if (signedIn !== email) {
      const { error } = await supabase.auth.signInWithPassword({ email, password })
      if (error) throw error
      signedIn = email
    }
    const tables = Object.values(calendarSchema.tables).map(({ name }) => name)
    const counts = await Promise.all(
      tables.map(async (table) => {
        const { count, error } = await supabase.from(table).select('*', { count: 'exact', head: true })
        if (error) throw error
        return [table, count ?? 0] as const
      }),
    )
    const { data, error } = await supabase
      .from('events')
      .select('id,title,updated_at')
      .order('updated_at', { ascending: false })
      .limit(8)
    if (error) throw error
    return { counts, latest: data }
  }
}
