import { DatabaseError } from 'pg'
import type { Context, Reply, Request, Service } from '../context.js'
import { type CatalogCache, createCatalogCache } from './catalog/catalogCache.js'
import { fromDatabase } from './databaseErrors.js'
import { replyToError, RestError } from './errors.js'
import { ParseError } from './grammar/parseError.js'
import { EmbedParameter } from './grammar/query.js'
import { planRequest } from './plan.js'
import { replyWith } from './reply.js'
import { type Caller, identify } from './request/caller.js'
import { runWork } from './transaction.js'
import { verify } from './verify.js'

/**
 * The tables, views and functions of the schema `public`, spoken to as with PostgREST. A request is
 * understood, compiled to one statement, and run with the caller's role and claims: rights and
 * policies decide, not this code.
 */
export async function createRest(context: Context): Promise<Service> {
  const cache = await createCatalogCache(context.pool)
  await cache.current()
  return async (request) => {
    let caller: Caller | undefined
    try {
      caller = await identify(request, context.tokens)
      return await answerFresh(context, cache, request, caller)
    } catch (error) {
      return replyToError(toRestError(error, caller?.isAnonymous ?? true))
    }
  }
}

/** What fails because the structure has changed meanwhile is tried once more. */
async function answerFresh(
  context: Context,
  cache: CatalogCache,
  request: Request,
  caller: Caller,
): Promise<Reply> {
  try {
    return await answer(context, cache, request, caller)
  } catch (error) {
    if (!isStructural(error) || !(await cache.refresh())) throw error
    return answer(context, cache, request, caller)
  }
}

async function answer(
  { pool }: Context,
  cache: CatalogCache,
  request: Request,
  caller: Caller,
): Promise<Reply> {
  const plan = planRequest(request, await cache.current())
  const outcome = await runWork(pool, {
    request,
    caller,
    statement: plan.statement,
    verify: (row) => verify(plan, row),
    isRehearsal: plan.preferences.tx === 'rollback',
  })
  return replyWith(plan, outcome)
}

/** Something is not there, or is of another type than was thought. */
function isStructural(error: unknown): boolean {
  if (error instanceof DatabaseError) return error.code?.startsWith('42') === true && error.code !== '42501'
  return error instanceof RestError && ['PGRST202', 'PGRST204', 'PGRST205'].includes(error.body.code)
}

function toRestError(error: unknown, isAnonymous: boolean): RestError {
  if (error instanceof RestError) return error
  if (error instanceof ParseError) {
    return new RestError(400, { code: 'PGRST100', message: error.message, details: error.details })
  }
  if (error instanceof EmbedParameter) {
    const hint = `Verify that '${error.embed}' is included in the 'select' query parameter.`
    return new RestError(400, { code: 'PGRST108', message: error.message, hint })
  }
  if (error instanceof URIError) return new RestError(400, { code: 'PGRST125', message: error.message })
  return fromDatabase(error, isAnonymous)
}
