import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { bodyTag, isKnown } from './etag.ts'

const failure = z.object({ code: z.string(), message: z.string() })

/** What every route may answer instead. */
export const failures = {
  400: failure,
  401: failure,
  403: failure,
  404: failure,
  409: failure,
  412: failure,
  422: failure,
  503: failure,
}

/** Sends a body with a digest of it as its ETag; nothing but 304 to who has it already. */
export function sendTagged(request: FastifyRequest, reply: FastifyReply, body: unknown): FastifyReply {
  const text = JSON.stringify(body)
  const tag = bodyTag(text)
  reply.header('etag', tag)
  if (isKnown(request.headers['if-none-match'], tag)) return reply.code(304).send()
  return reply.type('application/json').send(text)
}
