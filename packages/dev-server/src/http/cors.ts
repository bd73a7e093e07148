const exposed = [
  'Content-Encoding',
  'Content-Location',
  'Content-Range',
  'Content-Type',
  'Date',
  'Location',
  'Server',
  'Transfer-Encoding',
  'Range-Unit',
  'Preference-Applied',
  'X-Supabase-Api-Version',
].join(', ')

/** Without these a browser hides from the page what it may read, the row count in Content-Range above all. */
export const corsHeaders = {
  'Access-Control-Allow-Origin': '*',
  'Access-Control-Expose-Headers': exposed,
} as const

/** The answer to a browser that asks whether it may send a request. */
export function preflightHeaders(requested: string | undefined): Record<string, string> {
  return {
    ...corsHeaders,
    'Access-Control-Allow-Methods': 'GET, POST, PATCH, PUT, DELETE, OPTIONS',
    'Access-Control-Allow-Headers': requested ?? 'Authorization, Content-Type, Accept, Apikey',
    'Access-Control-Max-Age': '86400',
  }
}
