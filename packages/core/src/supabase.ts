export { supabaseRemote, type SupabaseRemoteOptions } from './remote/supabase.js'
