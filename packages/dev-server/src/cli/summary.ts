import type { DevServer } from '../startDevServer.js'

/** Addresses and keys under the names that `supabase status -o json` gives them. */
export const factsOf = (server: DevServer) => ({
  API_URL: server.url,
  REST_URL: `${server.url}/rest/v1`,
  DB_URL: server.databaseUrl,
  ANON_KEY: server.anonKey,
  SERVICE_ROLE_KEY: server.serviceRoleKey,
  JWT_SECRET: server.jwtSecret,
})

/** The same for people, as the local stack prints it. */
export function summaryOf(name: string, server: DevServer): string {
  const facts = factsOf(server)
  const lines = [
    ['API URL', facts.API_URL],
    ['DB URL', facts.DB_URL],
    ['JWT secret', facts.JWT_SECRET],
    ['anon key', facts.ANON_KEY],
    ['service_role key', facts.SERVICE_ROLE_KEY],
  ]
  return [
    `Started the development server of ${name}.`,
    '',
    ...lines.map(([label = '', value = '']) => `${label.padStart(16)}: ${value}`),
    '',
  ].join('\n')
}
