import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Client, startTestServer, type TestServer } from '../../test/testServer.js'

const schema = `
create table public.shops (id int primary key, name text, city text);
create table public.sales (id int primary key, shop_id int references shops, amount numeric, at date, info jsonb);
create table public.labels (id int primary key, word text);
create table public.sales_labels (sale_id int references sales, label_id int references labels, primary key (sale_id, label_id));
insert into shops values (1, 'north', 'Ulm'), (2, 'south', 'Ulm'), (3, 'empty', 'Bonn');
insert into sales values (1, 1, 10.50, '2026-01-01', '{"n": 1}'), (2, 1, 4.50, '2026-01-02', '{"n": 2}'), (3, 2, 7, '2026-01-01', null);
insert into labels values (1, 'new'), (2, 'hot');
insert into sales_labels values (1, 1), (1, 2), (3, 2);
alter role authenticator set pgrst.db_aggregates_enabled = 'true';
`

let server: TestServer
let db: Client
beforeAll(async () => {
  server = await startTestServer(schema)
  db = await server.client()
})
afterAll(() => server.stop())

/** What a path answers, by plain HTTP. */
async function get(path: string): Promise<any> {
  const answer = await fetch(`${server.url}/rest/v1${path}`, { headers: { apikey: server.anonKey } })
  return answer.json()
}

describe('a spread resource', () => {
  it('gives its columns to the row, under its own names or others', async () => {
    expect(await get('/sales?select=id,...shops(shop:name,city)&id=lt.3&order=id')).toEqual([
      { id: 1, shop: 'north', city: 'Ulm' },
      { id: 2, shop: 'north', city: 'Ulm' },
    ])
    expect(await get('/sales?select=id,...shops(*)&id=eq.3')).toEqual([{ id: 2, name: 'south', city: 'Ulm' }])
    expect(await get('/sales_labels?select=...sales(amount,...shops(name))&label_id=eq.1')).toEqual([
      { amount: 10.5, name: 'north' },
    ])
  })

  it('gives a list of each column when there are many rows, in one order', async () => {
    expect(await get('/shops?select=name,...sales(sale:id,amount)&sales.order=amount&order=id')).toEqual([
      { name: 'north', sale: [2, 1], amount: [4.5, 10.5] },
      { name: 'south', sale: [3], amount: [7] },
      { name: 'empty', sale: [], amount: [] },
    ])
    expect(await get('/sales?select=id,...labels(word)&labels.order=word&id=eq.1')).toEqual([
      { id: 1, word: ['hot', 'new'] },
    ])
    expect(await get('/shops?select=name,...sales(labels(word))&id=eq.2')).toEqual([
      { name: 'south', labels: [[{ word: 'hot' }]] },
    ])
  })
})

describe('an aggregate', () => {
  it('is of all rows, or of each group of the columns beside it', async () => {
    expect(await get('/sales?select=count(),amount.sum(),amount.avg()::int,last:at.max(),at.min()')).toEqual([
      { count: 3, sum: 22, avg: 7, last: '2026-01-02', min: '2026-01-01' },
    ])
    expect(await get('/sales?select=shop_id,amount.sum()&order=shop_id')).toEqual([
      { shop_id: 1, sum: 15 },
      { shop_id: 2, sum: 7 },
    ])
    const counts = await get('/sales?select=n:info->n,id.count()')
    expect(new Set(counts.map((one: { n: number | null }) => one.n))).toEqual(new Set([1, 2, null]))
    expect(await get('/sales?select=at::text,count()&at=eq.2026-01-01')).toEqual([
      { at: '2026-01-01', count: 2 },
    ])
  })

  it('is made within a resource, beside one, and of the columns of a spread one', async () => {
    expect(await get('/shops?select=name,sales(total:amount.sum())&order=id&limit=2')).toEqual([
      { name: 'north', sales: [{ total: 15 }] },
      { name: 'south', sales: [{ total: 7 }] },
    ])
    expect(await get('/sales?select=amount.sum(),shops(city)&order=amount.sum()')).toMatchObject({
      code: 'PGRST100',
    })
    expect(await get('/sales?select=amount.sum(),shops(city)')).toEqual([{ sum: 22, shops: { city: 'Ulm' } }])
    expect(await get('/sales_labels?select=label_id,...sales(amount.sum(),count())&order=label_id')).toEqual([
      { label_id: 1, sum: 10.5, count: 1 },
      { label_id: 2, sum: 17.5, count: 2 },
    ])
    expect(await get('/shops?select=name,...sales(amount.sum())')).toMatchObject({ code: 'PGRST127' })
  })

  it('is refused where the project has not allowed it, and a change of that is seen at once', async () => {
    await server.sql(`alter role authenticator set pgrst.db_aggregates_enabled = 'false'`)
    expect(await db.from('sales').select('amount.sum()')).toMatchObject({
      status: 400,
      error: { code: 'PGRST123', message: 'Use of aggregate functions is not allowed' },
    })
    await server.sql(`alter role authenticator set pgrst.db_aggregates_enabled = 'true'`)
    expect((await db.from('sales').select('amount.sum()')).data).toEqual([{ sum: 22 }])
  })
})
