import type { Pool } from 'pg'
import type { Claims, Context } from '../context.js'
import type { Room } from './room.js'
import type { Frame } from './frame.js'
import { type ChannelConfig, claimsOf, isToken, JoinError, readConfig } from './join.js'
import { everything, type Permissions, permissionsOf } from './permissions.js'

/** Whom a join lets in, and with which rights. */
export interface Admission {
  readonly config: ChannelConfig
  readonly claims: Claims
  /** The token that the claims are of. */
  readonly token: string
  readonly permissions: Permissions
}

/**
 * Reads a join.
 * @param key what the socket was opened with: whoever joins without a token has its role
 * @throws JoinError that says why not
 */
export async function admit(context: Context, { topic, payload }: Frame, key: string): Promise<Admission> {
  if (!topic.startsWith('realtime:')) throw new JoinError('unmatched topic')
  const name = topic.replace(/^realtime:/, '')
  if (name === '') throw new JoinError('TopicNameRequired: You must provide a topic name')
  const config = readConfig(payload)
  const token = isToken(payload.access_token) ? payload.access_token : key
  const claims = await claimsOf(context.tokens, token, context.clock())
  const permissions = await permissionsIn(context.pool, { name, isPrivate: config.private }, claims)
  return { config, claims, token, permissions }
}

/** @throws JoinError when nothing of the room may be heard */
export async function permissionsIn(
  pool: Pool,
  { name, isPrivate }: Room,
  claims: Claims,
): Promise<Permissions> {
  if (!isPrivate) return everything
  const permissions = await permissionsOf(pool, name, claims)
  if (permissions.hearsBroadcasts || permissions.hearsPresence) return permissions
  throw new JoinError(`Unauthorized: You do not have permissions to read from this Channel topic: ${name}`)
}
