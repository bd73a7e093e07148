import 'vitest'

declare module 'vitest' {
  /** What the global set-ups hand to tests through `inject`. */
  interface ProvidedContext {
    /** The embedded Supabase of the `browser` project. */
    supabase: { url: string; anonKey: string; serviceRoleKey: string; databaseUrl: string }
  }
}
