import type { Reply, Request } from '../context.js'
import { inTransaction } from '../postgres/transaction.js'
import { qrSvg } from '../qr/svg.js'
import { AuthError, json } from './answers.js'
import type { AuthContext } from './authOptions.js'
import { bodyOf, textOf } from './body.js'
import { requireService, signedIn } from './caller.js'
import { addChallenge, closeChallenge, requireOpen } from './challenges.js'
import {
  addFactor,
  confirmFactor,
  dropExpired,
  type KnownFactor,
  mustFactor,
  removeFactor,
} from './factors.js'
import { raiseSession, sessionAnswer } from './sessions.js'
import { addressOf, isCode, newSecret } from './totp.js'
import type { Factor, UserRow } from './userRow.js'
import { getUser, mustGetUser } from './users.js'

/**
 * Second factors: `/factors` and what is below it for the users themselves, `/admin/users/:id/factors` for the service role.
 * Resolves with undefined for other paths and methods.
 * @throws AuthError
 */
export async function answerFactors(context: AuthContext, request: Request): Promise<Reply | undefined> {
  const { method, url } = request
  const [, user, of] = /^\/admin\/users\/([^/]+)\/factors(?:\/([^/]+))?$/.exec(url.pathname) ?? []
  if (user !== undefined) return ofUser(context, request, user, of)
  const [, id, step = ''] = /^\/factors(?:\/([^/]+)(?:\/(challenge|verify))?)?$/.exec(url.pathname) ?? []
  if (url.pathname === '/factors') return method === 'POST' ? enroll(context, request) : undefined
  const handler = id === undefined ? undefined : steps[`${method} ${step}`]
  if (id === undefined || !handler) return undefined
  const caller = await signedIn(context, request)
  const factor = await mustFactor(context.pool, caller.user.id, id)
  return handler(context, { ...caller, factor, request })
}

interface Asking {
  readonly user: UserRow
  readonly session: string
  readonly aal: string
  readonly factor: KnownFactor
  readonly request: Request
}

const steps: Readonly<Record<string, (context: AuthContext, asking: Asking) => Promise<Reply>>> = {
  'POST challenge': challenge,
  'POST verify': verify,
  'DELETE ': unenroll,
}

async function enroll(context: AuthContext, request: Request): Promise<Reply> {
  const { pool, clock, auth } = context
  const { user, aal } = await signedIn(context, request)
  const body = bodyOf(request)
  requireKind(textOf(body, 'factor_type'), auth.totpEnroll)
  const now = new Date(clock())
  await dropExpired(pool, now)
  const name = textOf(body, 'friendly_name') ?? ''
  requireRoom((await mustGetUser(pool, user.id)).factors, { name, aal, most: auth.mostFactors })
  const secret = newSecret()
  const id = await addFactor(pool, { user: user.id, name, secret }, now)
  const uri = addressOf(secret, textOf(body, 'issuer') ?? new URL(auth.siteUrl).host, user.email ?? '')
  return json(200, { id, type: 'totp', friendly_name: name, totp: { qr_code: qrSvg(uri), secret, uri } })
}

/** Those of telephones and keys need something outside. */
function requireKind(type: string | undefined, allowsTotp: boolean): void {
  if (type === 'totp' && allowsTotp) return
  const known = { totp: 'TOTP', phone: 'Phone', webauthn: 'WebAuthn' }[type ?? '']
  if (known === undefined) {
    throw new AuthError(400, 'validation_failed', 'factor_type needs to be totp, phone, or webauthn')
  }
  throw new AuthError(422, `mfa_${type ?? ''}_enroll_not_enabled`, `MFA enroll is disabled for ${known}`)
}

/** @throws AuthError `mfa_factor_name_conflict`, `too_many_enrolled_mfa_factors`, `insufficient_aal` */
function requireRoom(
  factors: readonly Factor[],
  { name, aal, most }: { readonly name: string; readonly aal: string; readonly most: number },
): void {
  if (factors.some((factor) => (factor.friendly_name ?? '') === name)) {
    const message = `A factor with the friendly name "${name}" for this user already exists`
    throw new AuthError(422, 'mfa_factor_name_conflict', message)
  }
  if (factors.length >= most) {
    const message = 'Maximum number of verified factors reached, unenroll to continue'
    throw new AuthError(422, 'too_many_enrolled_mfa_factors', message)
  }
  if (aal !== 'aal2' && factors.some(({ status }) => status === 'verified')) {
    throw new AuthError(403, 'insufficient_aal', 'AAL2 required to enroll a new factor')
  }
}

async function challenge({ pool, clock, auth }: AuthContext, { factor }: Asking): Promise<Reply> {
  requireVerifiable(auth.totpVerify)
  const { id, expiresAt } = await addChallenge(pool, factor.id, new Date(clock()))
  return json(200, { id, type: factor.factor_type, expires_at: expiresAt })
}

/** A right code raises the session; those of the user that were not raised end. */
async function verify(context: AuthContext, { user, session, factor, request }: Asking): Promise<Reply> {
  const { pool, clock, auth } = context
  const body = bodyOf(request)
  const [code, id = ''] = [textOf(body, 'code'), textOf(body, 'challenge_id')]
  if (code === undefined) throw new AuthError(400, 'validation_failed', 'Code needs to be non-empty')
  requireVerifiable(auth.totpVerify)
  const now = new Date(clock())
  await requireOpen(pool, factor.id, id, now)
  if (!isCode(factor.secret ?? '', code, +now)) {
    throw new AuthError(422, 'mfa_verification_failed', 'Invalid TOTP code entered')
  }
  const refreshToken = await inTransaction(pool, async (db) => {
    await closeChallenge(db, id, now)
    await confirmFactor(db, user.id, factor.id, now)
    return raiseSession(db, { user: user.id, session, factor: factor.id }, now)
  })
  const raised = (await getUser(pool, 'id', user.id)) ?? user
  return json(200, await sessionAnswer(context, { user: raised, session, refreshToken }))
}

function requireVerifiable(isAllowed: boolean): void {
  if (isAllowed) return
  throw new AuthError(422, 'mfa_totp_verify_not_enabled', 'MFA verification is disabled for TOTP')
}

async function unenroll({ pool }: AuthContext, { factor, aal }: Asking): Promise<Reply> {
  if (factor.status === 'verified' && aal !== 'aal2') {
    throw new AuthError(422, 'insufficient_aal', 'AAL2 required to unenroll verified factor')
  }
  await inTransaction(pool, (db) => removeFactor(db, factor.id))
  return json(200, { id: factor.id })
}

async function ofUser(
  context: AuthContext,
  request: Request,
  id: string,
  of: string | undefined,
): Promise<Reply | undefined> {
  const isList = of === undefined
  if (request.method !== (isList ? 'GET' : 'DELETE')) return undefined
  await requireService(context, request)
  const { factors } = await mustGetUser(context.pool, id)
  if (isList) return json(200, factors)
  const { secret: _secret, ...factor } = await mustFactor(context.pool, id, of)
  await inTransaction(context.pool, (db) => removeFactor(db, factor.id))
  return json(200, factor)
}
