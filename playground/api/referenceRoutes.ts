import type { FastifyInstance, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { Claims } from './authenticate.ts'
import type { Database } from './database.ts'
import { failures, sendTagged } from './replies.ts'

const schema = { security: [{ bearer: [] }], tags: ['reference data'] }

/** The values of a label, the types of entities, and the settings: what every page needs. */
export function referenceRoutes(
  app: FastifyInstance,
  database: Database,
  claimsOf: (request: FastifyRequest) => Claims,
): void {
  const rows = async (request: FastifyRequest, text: string, values: readonly unknown[] = []) =>
    (await database.as(claimsOf(request), (ask) => ask(text, values))).rows

  app.get<{ Params: { name: string } }>(
    '/api/v1/datalabel/:name',
    {
      schema: {
        ...schema,
        summary: 'The values of a label, in order',
        params: z.object({ name: z.string().max(100) }),
        response: {
          200: z.array(z.object({ value: z.string(), label: z.string(), color: z.string().nullable() })),
          ...failures,
        },
      },
    },
    async (request, reply) => {
      const { name } = request.params
      const text = 'select value, label, color from app.datalabel where name = $1 order by position'
      return sendTagged(request, reply, await rows(request, text, [name]))
    },
  )

  app.get(
    '/api/v1/entity-codes',
    {
      schema: {
        ...schema,
        summary: 'The types of entities',
        response: { 200: z.array(z.object({ code: z.string(), label: z.string() })), ...failures },
      },
    },
    async (request, reply) =>
      sendTagged(
        request,
        reply,
        await rows(request, 'select code, label from app.entity_code order by code'),
      ),
  )

  app.get(
    '/api/v1/settings',
    {
      schema: {
        ...schema,
        summary: 'The settings',
        response: { 200: z.record(z.string(), z.unknown()), ...failures },
      },
    },
    async (request, reply) => {
      const settings = await rows(request, 'select key, value from app.setting order by key')
      return sendTagged(request, reply, Object.fromEntries(settings.map(({ key, value }) => [key, value])))
    },
  )
}
