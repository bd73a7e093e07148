import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import { fastify, type FastifyInstance, type FastifyRequest } from 'fastify'
import { authenticator, type Claims } from './authenticate.ts'
import { openDatabase } from './database.ts'
import { entityRoutes } from './entityRoutes.ts'
import { entityTables } from './entityTables.ts'
import { HttpError, toHttpError } from './httpError.ts'
import { toOpenApi, validatorOf } from './schemas.ts'
import { referenceRoutes } from './referenceRoutes.ts'

export interface ApiOptions {
  /** Whose role may become `authenticated`. */
  readonly databaseUrl: string
  /** The secret that the project's tokens are signed with. */
  readonly jwtSecret: string
  /** Hears of failures that nobody foresaw. */
  readonly failed: (error: unknown) => void
}

/** Makes the Entity API: `/api/v1/<entity>` for project, task and employee, and its description at `/docs`. */
export async function createApi({ databaseUrl, jwtSecret, failed }: ApiOptions): Promise<FastifyInstance> {
  const app = fastify({ bodyLimit: 256 * 1024, requestTimeout: 30_000 })
  const database = openDatabase(databaseUrl, failed)
  const authenticate = authenticator(jwtSecret)
  const claims = new WeakMap<FastifyRequest, Claims>()
  const claimsOf = (request: FastifyRequest): Claims => {
    const known = claims.get(request)
    if (!known) throw new HttpError(401, 'no-token', 'Sign in first.')
    return known
  }
  app.addHook('onClose', () => database.stop())
  app.setValidatorCompiler(validatorOf)
  app.setSerializerCompiler(() => (data) => JSON.stringify(data))
  app.setErrorHandler((error, request, reply) => {
    const { status, code, message } = toHttpError(error)
    if (status === 500) failed(error)
    if (status === 401) reply.header('www-authenticate', 'Bearer')
    return reply.code(status).send({ code, message })
  })
  app.setNotFoundHandler(() => {
    throw new HttpError(404, 'no-route', 'There is nothing here.')
  })
  await app.register(swagger, {
    openapi: {
      info: { title: 'Tidemark playground: entities', version: '1' },
      components: { securitySchemes: { bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } } },
    },
    transform: toOpenApi,
  })
  await app.register(swaggerUi, { routePrefix: '/docs' })
  // Registered as a plugin, so that the description hears of every route.
  await app.register(async (routes) => {
    // Before anything of the request is read: who is not signed in is told nothing else.
    routes.addHook('onRequest', async (request) => {
      claims.set(request, await authenticate(request.headers.authorization))
    })
    for (const entity of entityTables) entityRoutes(routes, entity, database, claimsOf)
    referenceRoutes(routes, database, claimsOf)
  })
  return app
}
