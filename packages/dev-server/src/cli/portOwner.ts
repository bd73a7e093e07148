/**
 * Who listens on a port of this computer, as far as it lets itself be recognised.
 * @returns a sentence with what to do, or undefined
 */
export async function portOwner(port: number): Promise<string | undefined> {
  if (await answers(`http://127.0.0.1:${port}/__dev/clock`)) {
    return 'It is another tidemark-dev: end it, or start this one with --port 0.'
  }
  if (await answers(`http://127.0.0.1:${port}/auth/v1/health`)) {
    return 'It is a local Supabase stack: `supabase stop` ends it, or start this one with --port 0.'
  }
  return undefined
}

const answers = (url: string): Promise<boolean> =>
  fetch(url, { signal: AbortSignal.timeout(1_000) }).then(
    ({ ok }) => ok,
    () => false,
  )
