import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { catalog } from '../../test/catalog.js'
import { hostileRequest } from '../../test/hostileRequests.js'
import type { Request } from '../context.js'
import { RestError } from './errors.js'
import { ParseError } from './grammar/parseError.js'
import { planRequest } from './plan/planRequest.js'
import { routeOf } from './request/route.js'
import { preRequest, settingsOf } from './settings.js'
import { type Sql, sql, toQuery } from './sql/sql.js'

/** All of SQL that statements are made of, besides names and parameters. */
const vocabulary = new Set(
  `select from where and or not as on true false null is any all with group by order asc desc nulls first last
  limit offset inner left join lateral exists case when then else end coalesce cast row distinct unknown
  insert into update set delete returning conflict do nothing excluded variadic
  like ilike count sum avg min max json_agg array_agg encode bytea hex jsonb json text int integer bigint row_to_json to_jsonb to_tsquery
  plainto_tsquery phraseto_tsquery websearch_to_tsquery to_tsvector regconfig json_to_recordset json_to_record
  json_array_elements json_strip_nulls json_object_keys json_build_object string_agg substring length nullif
  st_asgeojson current_setting set_config type featurecollection features e n
  response headers status tidemark updated body total keys response_headers response_status
  _result _name _row _args _call _all _put _element _ value pgrst_scalar pgrst_source version
  boolean real smallint float dec decimal double precision character varying char nchar bit time timestamp zone without`.split(
    /\s+/,
  ),
)

/** The statement without its names, and its parameters: what is left is only ours. */
const rest = (statement: Sql) =>
  toQuery(statement)
    .text.replace(/"(?:[^"]|"")*"/g, ' ')
    .replace(/\$\d+/g, ' ')

function strangers(statement: Sql): string[] {
  const words =
    rest(statement)
      .toLowerCase()
      .match(/[a-z_][a-z0-9_]*|[^\s]/g) ?? []
  return words.filter((word) => !vocabulary.has(word) && !/^[-+*/=<>~@&|.,()'\\[\]:{}0-9!]$/.test(word))
}

/** What a request comes to before it is run: statements, or an error that is PostgREST's. */
function compiled(request: Request): Sql[] {
  try {
    const route = routeOf(request)
    if (route.kind === 'root') return []
    const plan = planRequest(request, route, catalog)
    const caller = { role: 'anon', claims: { role: 'anon' }, isAnonymous: true }
    const { timezone } = plan.preferences
    const particular = { ofFunction: [], timezone, schema: plan.schema, isReadOnly: true, isSuperuser: true }
    const settings = settingsOf({ request, caller, catalog, ...particular }, sql`version`)
    return [plan.statement.sql, settings, ...(plan.statement.estimated ? [plan.statement.estimated] : [])]
  } catch (error) {
    if (error instanceof ParseError) return []
    if (error instanceof RestError) {
      expect(error.body.code).toMatch(/^PGRST\d{3}$|^21000$/)
      return []
    }
    throw error
  }
}

describe('whatever a request says', () => {
  it('reaches SQL only as a parameter or a quoted name', () => {
    let statements = 0
    fc.assert(
      fc.property(hostileRequest, (request) => {
        for (const statement of compiled(request)) {
          statements += 1
          expect(strangers(statement)).toEqual([])
        }
      }),
      { numRuns: 10_000 },
    )
    // Most are refused, and rightly; those that are not must be many enough to prove something.
    expect(statements).toBeGreaterThan(1_000)
  })

  it('is a quoted name where a setting holds one', () => {
    expect(rest(preRequest('a"; drop table b.check'))).toBe('select  . ()')
  })
})
