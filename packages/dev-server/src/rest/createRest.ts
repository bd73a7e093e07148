import { DatabaseError } from 'pg'
import type { Context, Reply, Service } from '../context.js'
import { answer, type Asking } from './answer.js'
import { createCatalogCache } from './catalog/catalogCache.js'
import { defaultSettings, type RestSettings } from './catalog/settings.js'
import { isStale } from './catalog/watch.js'
import { fromDatabase } from './databaseErrors.js'
import { replyToError, RestError } from './errors.js'
import { ParseError } from './grammar/parseError.js'
import { type Caller, createIdentify } from './request/caller.js'
import { createRunner } from './transaction.js'

/**
 * The tables, views and functions of the exposed schemas, spoken to as with PostgREST. A request is
 * understood, compiled to one statement, and run with the caller's role and claims: rights and
 * policies decide, not this code.
 * @param settings what differs from a Supabase project that changed nothing
 */
export async function createRest(context: Context, settings: Partial<RestSettings> = {}): Promise<Service> {
  const cache = await createCatalogCache(context.pool, { ...defaultSettings, ...settings })
  const run = createRunner(context.pool)
  const identify = createIdentify(context.tokens, context.clock)
  await cache.current()
  return async (request) => {
    let caller: Caller | undefined
    try {
      caller = await identify(request)
      return await answerFresh({ cache, run, request, caller })
    } catch (error) {
      return replyToError(toRestError(error, caller?.isAnonymous ?? true))
    }
  }
}

/** What fails because the structure has changed meanwhile is tried again. */
async function answerFresh(asking: Asking): Promise<Reply> {
  for (let tries = 1; tries <= asking.cache.patience; tries += 1) {
    try {
      return await answer(asking)
    } catch (error) {
      if (!isStructural(error) || !(await asking.cache.renew())) throw error
    }
  }
  return answer(asking)
}

/** Something is not there, or is of another type than was thought. */
function isStructural(error: unknown): boolean {
  if (!(error instanceof DatabaseError)) return error instanceof RestError
  return isStale(error) || (error.code?.startsWith('42') === true && error.code !== '42501')
}

const notLoaded = 'Could not query the database for the schema cache. Retrying.'

function toRestError(error: unknown, isAnonymous: boolean): RestError {
  if (error instanceof RestError) return error
  if (error instanceof ParseError) {
    return new RestError(400, { code: 'PGRST100', message: error.message, details: error.details })
  }
  if (isStale(error)) return new RestError(503, { code: 'PGRST002', message: notLoaded })
  return fromDatabase(error, isAnonymous)
}
