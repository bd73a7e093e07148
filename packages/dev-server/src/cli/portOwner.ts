import { createTokens, demoSecret, projectKeys } from '../tokens.js'

/**
 * Who listens on a port of this computer, as far as it lets itself be recognised.
 * @returns a sentence with what to do, or undefined
 */
export async function portOwner(port: number): Promise<string | undefined> {
  const root = `http://127.0.0.1:${String(port)}`
  if (typeof (await said(`${root}/__dev/clock`)).now === 'number') {
    return 'It is another tidemark-dev: end it, or start this one with --port 0.'
  }
  if ((await said(`${root}/auth/v1/health`)).name === 'GoTrue') {
    return 'It is a local Supabase stack: `supabase stop` ends it, or start this one with --port 0.'
  }
  return undefined
}

/** What an address answers, if it is JSON: many a server answers every address with a page. */
async function said(url: string): Promise<Record<string, unknown>> {
  const { anonKey } = await projectKeys(createTokens(demoSecret, Date.now))
  return fetch(url, { headers: { apikey: anonKey }, signal: AbortSignal.timeout(1_000) })
    .then(async (answer) => Object(await answer.json()) as Record<string, unknown>)
    .catch(() => ({})) // Nobody we know.
}
