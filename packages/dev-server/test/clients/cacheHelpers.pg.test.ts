/** What `@supabase-cache-helpers` sends for SWR and TanStack Query, with its own fetchers. */
import {
  buildDeleteFetcher,
  buildInsertFetcher,
  buildUpdateFetcher,
  buildUpsertFetcher,
  createCursorPaginationFetcher,
  createOffsetPaginationFetcher,
  createOffsetPaginationHasMoreFetcher,
  fetcher,
  PostgrestFilter,
} from '@supabase-cache-helpers/postgrest-core'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Client, startTestServer, type TestServer } from '../testServer.js'

const sql = `
  create table public.continent (code text primary key, name text not null);
  create table public.country (code text primary key, name text not null, continent text not null references continent,
    tags text[] not null default '{}');
  insert into continent values ('EU', 'Europe'), ('AF', 'Africa');`

const countries = `insert into country (code, name, continent, tags) values
  ('AT', 'Austria', 'EU', '{alps,wine}'), ('DE', 'Germany', 'EU', '{wine}'), ('FR', 'France', 'EU', '{}'),
  ('KE', 'Kenya', 'AF', '{}'), ('MA', 'Morocco', 'AF', '{}')`

let server: TestServer
let client: Client
beforeAll(async () => {
  server = await startTestServer(sql)
  client = await server.client()
})
beforeEach(async () => {
  await server.sql('truncate country')
  await server.sql(countries)
})
afterAll(() => server.stop())

const names = (rows: { name: string }[] | undefined | null) => rows?.map(({ name }) => name)
/** Asks for the country's continent twice, once under another name, so that the helpers must tell them apart. */
const queriesForTable = () => [
  { paths: [{ path: 'name', declaration: 'name' }], filters: [] },
  {
    paths: [
      { path: 'continent', declaration: 'continent' },
      { path: 'continent.name', declaration: 'continent(name)' },
    ],
    filters: [],
  },
]

describe('the cache helpers', () => {
  test('fetch, count, and know from the address alone which rows an answer has', async () => {
    const query = client
      .from('country')
      .select('name,continent(name)', { count: 'exact' })
      .contains('tags', ['wine'])
      .or('code.eq.AT,name.ilike.%many')
    const { data, count } = await fetcher<any[]>(query as never)
    expect({ data, count }).toEqual({
      data: [
        { name: 'Austria', continent: { name: 'Europe' } },
        { name: 'Germany', continent: { name: 'Europe' } },
      ],
      count: 2,
    })
    const filter = PostgrestFilter.fromBuilder(query)
    const rows = await server.sql('select code, name, tags from country order by code')
    expect(rows.filter((row) => filter.applyFilters(row)).map(({ code }) => code)).toEqual(['AT', 'DE'])
  })

  test('give pages by offset, and know whether there are more', async () => {
    const query = () => client.from('country').select('name').order('name')
    const page = createOffsetPaginationFetcher(query, {
      decode: (offset: number) => ({ offset, limit: 2 }),
      pageSize: 2,
    })
    expect(names((await page?.(2)) as never)).toEqual(['Germany', 'Kenya'])
    const more = createOffsetPaginationHasMoreFetcher(query, {
      decode: (offset: number) => ({ offset, limit: 2 }),
      pageSize: 2,
    })
    expect(await more?.(0)).toEqual({ data: [{ name: 'Austria' }, { name: 'France' }], hasMore: true })
    expect(await more?.(4)).toEqual({ data: [{ name: 'Morocco' }], hasMore: false })
  })

  test('give pages by cursor, with a second column where the first is not unique', async () => {
    const query = () =>
      client
        .from('country')
        .select('name,continent,code')
        .order('continent', { ascending: true })
        .order('code', { ascending: true })
        .limit(2)
    const page = createCursorPaginationFetcher(query as never, {
      decode: (cursor: { orderBy?: string; uqOrderBy?: string }) => cursor,
      orderBy: 'continent',
      uqOrderBy: 'code',
    })
    expect(names((await page?.({})) as never)).toEqual(['Kenya', 'Morocco'])
    expect(names((await page?.({ orderBy: 'AF', uqOrderBy: 'KE' })) as never)).toEqual(['Morocco', 'Austria'])
  })

  test('insert, upsert, update and delete, and ask back for what all cached queries need', async () => {
    const table = () => client.from('country')
    const options = { query: 'code,continent(code)', queriesForTable } as const
    const insert = buildInsertFetcher(table() as never, options as never)
    expect(await insert([{ code: 'IT', name: 'Italy', continent: 'EU' } as never])).toEqual([
      {
        normalizedData: {
          name: 'Italy',
          continent: 'EU',
          code: 'IT',
          'continent.name': 'Europe',
          'continent.code': 'EU',
        },
        userQueryData: { code: 'IT', continent: { code: 'EU' } },
      },
    ])
    const upsert = buildUpsertFetcher(table() as never, { ...options, onConflict: 'code' } as never)
    expect(await upsert([{ code: 'IT', name: 'Italia', continent: 'EU' } as never])).toMatchObject([
      { normalizedData: { name: 'Italia' } },
    ])
    const update = buildUpdateFetcher(table() as never, ['code'] as never, options as never)
    expect(await update({ code: 'IT', name: 'Italien' } as never)).toMatchObject({
      normalizedData: { name: 'Italien' },
      userQueryData: { code: 'IT' },
    })
    const remove = buildDeleteFetcher(table() as never, ['code'] as never, options as never)
    expect(await remove([{ code: 'IT' } as never])).toMatchObject([{ normalizedData: { name: 'Italien' } }])
    expect(await server.sql(`select * from country where code = 'IT'`)).toEqual([])
  })
})
