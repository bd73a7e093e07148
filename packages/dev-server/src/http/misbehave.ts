import { decodeJwt } from 'jose'
import type { Reply, Request, Service } from '../context.js'
import type { Faults, FaultSettings } from '../faults.js'

/** Stands for an answer that never comes: the socket is destroyed instead. */
export const noReply = Symbol('no reply')

/** Answers as the service does, or as the faults have it. */
export function misbehaving(
  service: Service,
  faults: Faults,
): (request: Request) => Promise<Reply | typeof noReply> {
  return async (request) => {
    const settings = faults.forUser(userOf(request))
    if (!touches(settings, request.url.pathname)) return service(request)
    await sleep(faults.delay(settings))
    if (faults.happens(settings.dropRequests)) return noReply
    const instead = replyInstead(faults, settings, request)
    if (instead) return instead
    const reply = await service(request)
    return faults.happens(settings.dropResponses) ? noReply : reply
  }
}

/** The control of the faults stays within reach whatever they are. */
const touches = ({ only }: FaultSettings, pathname: string) =>
  !pathname.startsWith('/__dev/') && (only === undefined || new RegExp(only).test(pathname))

/** Whose request it is, also when the token has expired. */
function userOf({ headers }: Request): string | undefined {
  if (headers.authorization === undefined) return undefined
  try {
    return decodeJwt(headers.authorization.replace(/^bearer /i, '')).sub
  } catch {
    return undefined // No token of ours: nobody's request.
  }
}

function replyInstead(faults: Faults, settings: FaultSettings, { url }: Request): Reply | undefined {
  if (url.pathname.startsWith('/rest/v1') && faults.happens(settings.unauthorized)) return expired
  const { errors } = settings
  if (!errors || !faults.happens(errors.probability)) return undefined
  return {
    status: errors.status,
    headers: json,
    body: JSON.stringify({ message: 'A fault that was asked for' }),
  }
}

const json = { 'Content-Type': 'application/json; charset=utf-8' }

const expired: Reply = {
  status: 401,
  headers: { ...json, 'WWW-Authenticate': 'Bearer error="invalid_token", error_description="JWT expired"' },
  body: JSON.stringify({ code: 'PGRST303', details: null, hint: null, message: 'JWT expired' }),
}

const sleep = (milliseconds: number) =>
  milliseconds > 0 ? new Promise<void>((resolve) => setTimeout(resolve, milliseconds)) : undefined
