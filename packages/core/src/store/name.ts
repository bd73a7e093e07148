/**
 * The name of a user's local database: one for each app, project and user (R7). The user's id and the project's address are
 * hashed, so that the list of databases tells nobody who used this browser.
 */
export async function databaseName(app: string, project: string, userId: string): Promise<string> {
  return `tidemark:${app}:${await hash(`${project}\n${userId}`)}`
}

async function hash(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))
  return btoa(String.fromCharCode(...new Uint8Array(digest)))
}
