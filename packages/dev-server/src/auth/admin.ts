import { createHash } from 'node:crypto'
import type { Pool } from 'pg'
import type { Reply, Request } from '../context.js'
import { AuthError, json } from './answers.js'
import type { AuthContext } from './authOptions.js'
import { type Body, bodyOf, emailOf, newPasswordOf, objectOf, textOf } from './body.js'
import { requireService } from './caller.js'
import { endSessions } from './sessions.js'
import { changeUser, createUser, emailExists, mustGetUser, publicUser } from './users.js'
import type { UserRow } from './userRow.js'

type Handler = (context: AuthContext, request: Request, id: string) => Promise<Reply>

/**
 * `/admin/users` and `/admin/users/:id`, for the service role alone. Resolves with undefined for other paths and methods.
 * @throws AuthError
 */
export async function answerAdmin(context: AuthContext, request: Request): Promise<Reply | undefined> {
  const [, id] = /^\/admin\/users(?:\/([^/]+))?$/.exec(request.url.pathname) ?? [undefined, '']
  const handler = (id === undefined ? ofAll : ofOne)[request.method]
  if (id === '' || !handler) return undefined
  await requireService(context, request)
  return handler(context, request, id ?? '')
}

const ofAll: Readonly<Record<string, Handler>> = {
  GET: listUsers,
  POST: async (context, request) => {
    const body = bodyOf(request)
    const email = emailOf(body)
    if (email === undefined)
      throw new AuthError(400, 'validation_failed', 'Cannot create a user without an email')
    const user = {
      ...changeOf(body, context),
      id: idOf(textOf(body, 'id')),
      email,
      confirmed: body.email_confirm === true,
    }
    return json(200, publicUser(await createUser(context.pool, user, context.clock(), emailExists())))
  },
}

const ofOne: Readonly<Record<string, Handler>> = {
  GET: async ({ pool }, _, id) => json(200, publicUser(await mustGetUser(pool, mustId(id)))),
  PUT: async (context, request, id) => {
    const { pool, clock } = context
    const user = await mustGetUser(pool, mustId(id))
    const change = changeOf(bodyOf(request), context)
    const changed = await changeUser(pool, user.id, change, clock())
    if (change.password !== undefined) await endSessions(pool, user.id, 'global')
    return json(200, publicUser(changed))
  },
  DELETE: async ({ pool, clock }, request, id) => {
    const user = await mustGetUser(pool, mustId(id))
    if (bodyOf(request).should_soft_delete === true) await forgetUser(pool, user, clock())
    else await pool.query('delete from auth.users where id = $1', [user.id])
    return json(200, {})
  },
}

async function listUsers({ pool }: AuthContext, { url }: Request): Promise<Reply> {
  const [page, perPage] = [numberOf(url, 'page', 1), numberOf(url, 'per_page', 50)]
  const { rows: ids } = await pool.query<{ id: string; total: string }>(
    `select id, count(*) over () as total from auth.users order by created_at desc, id limit $1 offset $2`,
    [perPage, (page - 1) * perPage],
  )
  const users = await Promise.all(ids.map(({ id }) => mustGetUser(pool, id)))
  const total = Number(ids[0]?.total ?? 0)
  const pages = Math.max(1, Math.ceil(total / perPage))
  const link = (to: number, rel: string) => `</admin/users?page=${to}&per_page=${perPage}>; rel="${rel}"`
  const links = [...(page < pages ? [link(page + 1, 'next')] : []), link(pages, 'last')]
  const headers = { 'X-Total-Count': String(total), Link: links.join(', ') }
  return json(200, { users: users.map(publicUser), aud: 'authenticated' }, headers)
}

function numberOf(url: URL, name: string, fallback: number): number {
  const given = url.searchParams.get(name)
  if (given === null || given === '') return fallback
  if (/^[1-9]\d{0,5}$/.test(given)) return Number(given)
  throw new AuthError(400, 'validation_failed', `Bad Pagination Parameters: ${name} is ${given}`)
}

/** Leaves the row that others refer to, and nothing by which the user could be recognised or could sign in. */
async function forgetUser(pool: Pool, { id, email }: UserRow, now: number): Promise<void> {
  const unreadable = createHash('sha256')
    .update(`${id}${email ?? ''}`)
    .digest('hex')
  await pool.query(
    `update auth.users set email = $2, encrypted_password = null, deleted_at = $3, raw_user_meta_data = '{}',
       raw_app_meta_data = '{}' where id = $1`,
    [id, email === null ? null : unreadable, new Date(now)],
  )
  await pool.query('delete from auth.identities where user_id = $1', [id])
  await endSessions(pool, id, 'global')
}

const mustId = (id: string): string => idOf(id) ?? ''

function idOf(id: string | undefined): string | undefined {
  if (id === undefined || /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(id)) return id
  throw new AuthError(404, 'validation_failed', 'user_id must be an UUID')
}

const changeOf = (body: Body, { clock, auth }: AuthContext) => ({
  email: emailOf(body),
  password: newPasswordOf(body, auth.minimumPasswordLength),
  role: textOf(body, 'role'),
  confirmed: body.email_confirm === true,
  bannedUntil: bannedUntil(textOf(body, 'ban_duration'), clock()),
  userMetadata: objectOf(body, 'user_metadata'),
  appMetadata: objectOf(body, 'app_metadata'),
})

const units: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 }

/** A duration as Go writes it (`24h`, `1h30m`), or `none`. */
function bannedUntil(duration: string | undefined, now: number): Date | null | undefined {
  if (duration === undefined) return undefined
  if (duration === 'none') return null
  if (!/^(\d+(\.\d+)?(ms|s|m|h))+$/.test(duration)) {
    throw new AuthError(400, 'validation_failed', `invalid format for ban duration: ${duration}`)
  }
  const parts = [...duration.matchAll(/([\d.]+)(ms|s|m|h)/g)]
  return new Date(parts.reduce((at, [, amount, unit = '']) => at + Number(amount) * (units[unit] ?? 0), now))
}
