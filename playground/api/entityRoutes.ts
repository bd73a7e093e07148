import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { Claims } from './authenticate.ts'
import type { Ask, Database } from './database.ts'
import type { EntityTable } from './entityTables.ts'
import { isKnown, versionTag, wantedVersion } from './etag.ts'
import { HttpError } from './httpError.ts'
import { listQuery, listStatements, type ListQuery, type Statement } from './listQuery.ts'
import { failures, sendTagged } from './replies.ts'
import { deleteStatement, insertStatement, readStatement, updateStatement } from './writeStatements.ts'

type Row = Readonly<Record<string, unknown>>
type Values = Readonly<Record<string, unknown>>
interface IdParams {
  readonly id: string
}

const params = z.object({ id: z.uuid() })
const secured = { security: [{ bearer: [] }] }

/** The routes of one type of entity. */
export function entityRoutes(
  app: FastifyInstance,
  entity: EntityTable,
  database: Database,
  claimsOf: (request: FastifyRequest) => Claims,
): void {
  const { code, row } = entity
  const at = `/api/v1/${code}`
  const tags = [code]
  const run = <T>(request: FastifyRequest, work: (ask: Ask) => Promise<T>): Promise<T> =>
    database.as(claimsOf(request), work)

  app.get<{ Querystring: ListQuery }>(
    at,
    {
      schema: {
        ...secured,
        tags,
        summary: `One page of the list of ${code}s`,
        querystring: listQuery(entity),
        response: {
          200: z.object({ data: z.array(row), total: z.int(), page: z.int(), limit: z.int() }),
          ...failures,
        },
      },
    },
    async (request, reply) =>
      sendTagged(request, reply, await run(request, (ask) => list(ask, entity, request.query))),
  )

  app.post<{ Body: Values }>(
    at,
    {
      schema: {
        ...secured,
        tags,
        summary: `A new ${code}`,
        body: entity.create,
        response: { 201: row, ...failures },
      },
    },
    async (request, reply) => {
      const created = await run(request, (ask) => one(ask, insertStatement(entity, request.body)))
      return sendRow(reply.code(201).header('location', `${at}/${String(created?.id)}`), created)
    },
  )

  app.get<{ Params: IdParams }>(
    `${at}/:id`,
    { schema: { ...secured, tags, summary: `One ${code}`, params, response: { 200: row, ...failures } } },
    async (request, reply) => {
      const found = await run(request, (ask) => one(ask, readStatement(entity, request.params.id)))
      if (found && isKnown(request.headers['if-none-match'], versionTag(found)))
        return reply.code(304).header('etag', versionTag(found)).send()
      return sendRow(reply, found)
    },
  )

  app.patch<{ Params: IdParams; Body: Values }>(
    `${at}/:id`,
    {
      schema: {
        ...secured,
        tags,
        summary: `Changes of one ${code}`,
        params,
        body: entity.patch,
        response: { 200: row, ...failures },
      },
    },
    async (request, reply) => {
      const {
        params: { id },
        body,
      } = request
      const version = wantedVersion(request.headers['if-match'])
      const work = async (ask: Ask) =>
        Object.keys(body).length === 0
          ? one(ask, readStatement(entity, id))
          : ((await one(ask, updateStatement(entity, id, body, version))) ??
            refused(ask, entity, id, version))
      return sendRow(reply, await run(request, work))
    },
  )

  app.delete<{ Params: IdParams }>(
    `${at}/:id`,
    {
      schema: {
        ...secured,
        tags,
        summary: `Deletes one ${code}`,
        params,
        response: { 204: z.null(), ...failures },
      },
    },
    async (request, reply) => {
      const { id } = request.params
      const version = wantedVersion(request.headers['if-match'])
      await run(request, async (ask) => {
        const { text, values } = deleteStatement(entity, id, version)
        const { rowCount } = await ask(text, values)
        if (rowCount === 0) await refused(ask, entity, id, version)
      })
      return reply.code(204).send()
    },
  )
}

async function one(ask: Ask, { text, values }: Statement): Promise<Row | undefined> {
  const { rows } = await ask(text, values)
  return rows[0]?.row as Row | undefined
}

async function list(ask: Ask, entity: EntityTable, query: ListQuery) {
  const { rows, total } = listStatements(entity, query)
  const found = await ask(rows.text, rows.values)
  const counted = await ask(total.text, total.values)
  const { page, limit } = query
  return { data: found.rows.map(({ row }) => row), total: counted.rows[0]?.total, page, limit }
}

/**
 * Why a write found no row.
 *
 * @throws HttpError always: 404 not there for this user, 412 another version, 403 seen and not allowed
 */
async function refused(
  ask: Ask,
  entity: EntityTable,
  id: string,
  version: number | undefined,
): Promise<never> {
  const found = await one(ask, readStatement(entity, id))
  if (!found) throw missing()
  if (version !== undefined && found.version !== version)
    throw new HttpError(412, 'changed', 'Somebody else has changed it.')
  throw new HttpError(403, 'role', 'Your role does not allow this.')
}

const missing = (): HttpError => new HttpError(404, 'missing', 'There is none, or you may not see it.')

/** @throws HttpError 404 when there is none */
function sendRow(reply: FastifyReply, row: Row | undefined): FastifyReply {
  if (!row) throw missing()
  return reply.header('etag', versionTag(row)).send(row)
}
