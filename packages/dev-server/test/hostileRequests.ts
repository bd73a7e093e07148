import fc from 'fast-check'
import type { Request } from '../src/context.js'
import { hostileName } from './catalog.js'
import { list, mostly, parameter, text } from './hostileQuery.js'

const row = fc.dictionary(
  mostly(fc.constantFrom('id', 'title', 'film_id', 'actor_id'), text),
  fc.oneof(text, fc.integer()),
  {
    maxKeys: 3,
  },
)
const json = fc.oneof(
  row,
  fc.array(fc.record({ id: fc.oneof(fc.integer(), text), title: text }), { maxLength: 3 }),
  fc.jsonValue({ maxDepth: 2 }),
)
const body = mostly(
  json.map((one) => JSON.stringify(one)),
  text,
)

const preferences = [
  'return=representation',
  'return=headers-only',
  'count=exact',
  'count=planned',
  'count=estimated',
  'resolution=merge-duplicates',
  'resolution=ignore-duplicates',
  'missing=default',
  'tx=rollback',
  'max-affected=1',
  'timezone=UTC',
]
const media = [
  'application/json',
  'application/vnd.pgrst.object+json',
  'application/vnd.pgrst.array+json;nulls=stripped',
  'text/csv',
  'application/geo+json',
  'application/vnd.pgrst.plan+json; for="text/csv"; options=verbose',
  'application/vnd.pgrst.plan; for="image/png"',
  'text/html, text/plain',
  'image/png;q=0.9, text/tab-separated-values;q=x',
  'text/html;q=1e309, */*;q=-1, ;;;,=",',
]
const contents = [
  'application/json',
  'application/json',
  'text/csv',
  'application/x-www-form-urlencoded',
  'text/plain',
]

const headers = fc.record(
  {
    prefer: mostly(
      list(fc.constantFrom(...preferences)),
      text.map((word) => `handling=strict, timezone=${word}`),
    ),
    accept: mostly(fc.constantFrom(...media), text),
    'content-type': mostly(fc.constantFrom(...contents), text),
    range: mostly(fc.constantFrom('0-9', '3-'), text),
    'accept-profile': mostly(fc.constant('public'), text),
    'content-profile': mostly(fc.constant('public'), text),
    cookie: text,
    'x-any': text,
  },
  { requiredKeys: [] },
)

const table = mostly(fc.constantFrom('films', 'actors', 'roles', hostileName), text)
const callable = mostly(fc.constantFrom('echo', 'films_of', 'say', 'many'), text)
const path = fc.oneof(
  { weight: 4, arbitrary: table.map((name) => `/${encodeURIComponent(name)}`) },
  { weight: 2, arbitrary: callable.map((name) => `/rpc/${encodeURIComponent(name)}`) },
  mostly(
    fc.constant('/'),
    text.map((name) => `/${name.replace(/[?#]/g, '')}`),
  ),
)

/** Requests with a hostile text in every place there is. */
export const hostileRequest: fc.Arbitrary<Request> = fc
  .record({
    method: fc.constantFrom('GET', 'GET', 'HEAD', 'POST', 'PATCH', 'PUT', 'DELETE', 'OPTIONS'),
    path,
    parameters: fc.array(parameter, { maxLength: 4 }),
    headers,
    body,
  })
  .map(({ method, path: pathname, parameters, headers: given, body: content }) => {
    const url = new URL('http://127.0.0.1/')
    url.pathname = pathname
    url.search = new URLSearchParams(parameters.map(([name, value]) => [name, value])).toString()
    return { method, url, headers: given as Record<string, string>, body: Buffer.from(content) }
  })
