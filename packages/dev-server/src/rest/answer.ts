import type { Reply, Request } from '../context.js'
import type { CatalogCache, Loaded } from './catalog/catalogCache.js'
import { replyToOptions } from './options.js'
import { compileAccess } from './openapi/access.js'
import type { Plan } from './plan/plan.js'
import { planRequest } from './plan/planRequest.js'
import { replyWith } from './reply.js'
import type { Caller } from './request/caller.js'
import { routeOf, schemaOf } from './request/route.js'
import { replyWithDescription, requireDescribable } from './root.js'
import { type Circumstances, preRequest, settingsOf } from './settings.js'
import { fromCatalog } from './sql/sql.js'
import { explaining, type RunWork, type Work } from './transaction.js'
import { verify } from './verify.js'

/** What an answer needs. */
export interface Asking {
  readonly request: Request
  readonly caller: Caller
  readonly cache: CatalogCache
  readonly run: RunWork
}

/**
 * Answers one request with the catalogue as it was last read.
 * @throws RestError, ParseError, DatabaseError
 */
export async function answer(asking: Asking): Promise<Reply> {
  const { request, cache, run } = asking
  const loaded = await cache.current()
  const route = routeOf(request)
  if (request.method === 'OPTIONS') return replyToOptions(request, route, loaded.catalog)
  if (route.kind === 'root') {
    requireDescribable(request, loaded.catalog.settings)
    const schema = schemaOf(request, loaded.catalog)
    return replyWithDescription(request, schema, await run(describing(asking, loaded)))
  }
  const plan = planRequest(request, route, loaded.catalog)
  return replyWith(plan, await run(planned(asking, loaded, plan)))
}

function describing(asking: Asking, loaded: Loaded): Work {
  const schema = schemaOf(asking.request, loaded.catalog)
  return {
    ...surrounding(asking, loaded, { schema, ofFunction: [], timezone: undefined, isReadOnly: true }),
    statement: compileAccess(schema.name),
    verify: () => undefined,
    isRehearsal: false,
  }
}

function planned(asking: Asking, loaded: Loaded, plan: Plan): Work {
  const { schema, preferences, media, target, statement } = plan
  const { rollsBack } = loaded.catalog.settings
  const particular = {
    schema,
    ofFunction: target?.settings ?? [],
    timezone: preferences.timezone,
    isReadOnly: statement.isReadOnly,
  }
  return {
    ...surrounding(asking, loaded, particular),
    statement,
    explain: media.plan && explaining(media.plan.format, media.plan.options.map(fromCatalog)),
    verify: (row) => verify(plan, row),
    isRehearsal: preferences.tx === 'rollback' || (rollsBack && preferences.tx !== 'commit'),
  }
}

/** What is the same for every transaction. */
function surrounding(
  { request, caller, cache }: Asking,
  { catalog, version, prepared }: Loaded,
  particular: Omit<Circumstances, 'request' | 'caller' | 'catalog' | 'isSuperuser'>,
): Pick<Work, 'settings' | 'prepared' | 'before'> {
  const { preRequest: name } = catalog.settings
  return {
    settings: settingsOf(
      { request, caller, catalog, isSuperuser: cache.isSuperuser, ...particular },
      cache.check(version),
    ),
    prepared,
    before: name === undefined ? undefined : preRequest(name),
  }
}
