import type { Ports } from '../base/ports.js'

/**
 * The name of a user's local database: one for each app, project and user (R7). The user's id and the project's address are
 * hashed, so that the list of databases tells nobody who used this browser.
 */
export async function databaseName(
  { hash }: Pick<Ports, 'hash'>,
  app: string,
  project: string,
  userId: string,
): Promise<string> {
  return `tidemark:${app}:${await hash(`${project}\n${userId}`)}`
}
