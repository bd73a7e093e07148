import type { Catalog, Column, DatabaseFunction, Table } from '../src/rest/catalog/catalog.js'
import type { MediaHandler } from '../src/rest/catalog/handlers.js'
import { relate } from '../src/rest/catalog/relate.js'
import { keyOf } from '../src/rest/catalog/relationship.js'
import { defaultSettings } from '../src/rest/catalog/settings.js'

export const column = (name: string, type = 'integer'): Column => ({
  name,
  type,
  baseType: type,
  default: null,
  isNullable: true,
  maxLength: null,
  description: null,
  labels: [],
  forms: {},
})

export const table = (name: string, columns: readonly Column[], primaryKey: readonly string[]): Table => ({
  schema: 'public',
  name,
  isView: false,
  canInsert: true,
  canUpdate: true,
  canDelete: true,
  description: null,
  columns,
  primaryKey,
})

const routine = (name: string, args: DatabaseFunction['args'], more: Partial<DatabaseFunction> = {}) => ({
  schema: 'public',
  name,
  description: null,
  args,
  returnsSet: false,
  returns: 'scalar' as const,
  table: null,
  isVolatile: true,
  settings: [],
  ...more,
})

const argument = (name: string, type = 'text') => ({ name, type, hasDefault: false, isVariadic: false })

/** A name that would be SQL if it were not quoted. */
export const hostileName = 'a"; drop table canary; --'

const tables = [
  table('films', [column('id'), column('title', 'text'), column('data', 'jsonb')], ['id']),
  table('actors', [column('id'), column('title', 'text'), column('film_id')], ['id']),
  table('roles', [column('film_id'), column('actor_id')], ['film_id', 'actor_id']),
  table(hostileName, [column(hostileName), column('id')], [hostileName]),
]

const reference = (constraint: string, from: string, column_: string, to: string) => ({
  constraint,
  table: { oid: 1, schema: 'public', name: from },
  foreign: { oid: 2, schema: 'public', name: to },
  columns: [[column_, 'id'] as const],
  isUnique: false,
})

const relationships = relate({
  foreignKeys: [
    reference('actors_film', 'actors', 'film_id', 'films'),
    reference('roles_film', 'roles', 'film_id', 'films'),
    reference('roles_actor', 'roles', 'actor_id', 'actors'),
    reference(hostileName, hostileName, 'id', 'films'),
  ],
  views: [],
  computed: [],
  primaryKey: ({ name }) => tables.find((one) => one.name === name)?.primaryKey ?? [],
})

const films = { schema: 'public', name: 'films' }
const functions = [
  routine('echo', [argument('', 'jsonb')]),
  routine('films_of', [argument('title')], { returnsSet: true, returns: 'composite', table: films }),
  routine('say', [argument(hostileName), argument('id', 'integer')]),
  routine('many', [{ ...argument('title', 'text[]'), isVariadic: true }]),
]

const handler = (name: string, mediaType: string, more: Partial<MediaHandler> = {}): MediaHandler => ({
  kind: 'aggregate',
  schema: 'public',
  name,
  target: films,
  mediaType,
  answersAs: mediaType,
  isBinary: false,
  ...more,
})

const handlers = [
  handler(hostileName, 'text/html'),
  handler('picture', 'image/png', { isBinary: true }),
  handler('lines', 'text/tab-separated-values', { target: null }),
  handler('text/plain', 'text/plain', { kind: 'domain', target: { schema: 'public', name: 'say' } }),
]

/** Films, actors, what joins them, and something with a hostile name. */
export const catalog: Catalog = {
  handlers,
  settings: { ...defaultSettings, allowsAggregates: true, allowsPlans: true },
  schemas: new Map([
    [
      'public',
      {
        name: 'public',
        description: null,
        tables: new Map(tables.map((one) => [one.name, one])),
        functions: new Map(functions.map((one) => [one.name, [one]])),
        relationships: new Map(tables.map((one) => [one.name, relationships.get(keyOf(one)) ?? []])),
      },
    ],
  ]),
}
