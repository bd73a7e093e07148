import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeProjects, startTestDatabase, type TestDatabase } from '../../test/testDatabase.js'
import { ann, bob, connect, startTestService } from '../../test/testService.js'

let database: TestDatabase
beforeAll(async () => {
  database = await startTestDatabase()
})
afterAll(() => database.stop())

test('the function of the app decides where there is one, in the role and with the claims of the user', async () => {
  await database.sql(`
    create function app.may_hear(entity_code text, entity_ids uuid[]) returns setof uuid language plpgsql as $$
    begin
      if current_user <> 'authenticated' then raise exception 'It runs as %', current_user; end if;
      return query select id from unnest(entity_ids) as id
        where entity_code = 'note' and auth.uid()::text = left(id::text, 8) || '-1111-4111-8111-111111111111';
    end $$`)
  const service = await startTestService(database.serviceUrl, { PUBSUB_AUTHORIZE: 'app.may_hear' })
  const [client, other] = await Promise.all([connect(service.url, ann), connect(service.url, bob)])
  const ids = ['11111111-0000-4000-8000-000000000000', '22222222-0000-4000-8000-000000000000']
  expect(await client.subscribe('note', ids)).toMatchObject({ count: 1, denied: [ids[1]] })
  expect(await other.subscribe('note', ids)).toMatchObject({ count: 0 })
  expect(await client.subscribe('project', ids)).toMatchObject({ count: 0 })
  await database.sql(
    `insert into app.system_logging (entity_code, entity_id, action) values ('note', $1, 1)`,
    [ids[0]],
  )
  expect((await client.next('INVALIDATE')).changes).toEqual([{ entityId: ids[0], action: 'UPDATE' }])
  await Promise.all([client.close(), other.close()])
  await service.stop()
})

test('a function that gives more than was asked for, or writes, gives nothing more', async () => {
  const stranger = '33333333-0000-4000-8000-000000000000'
  await database.sql(`
    create function app.too_much(entity_code text, entity_ids uuid[]) returns setof uuid language sql as
      $$ select unnest(entity_ids || '${stranger}'::uuid || entity_ids) $$;
    create table app.noted (id uuid);
    grant insert on app.noted to authenticated;
    create function app.writes(entity_code text, entity_ids uuid[]) returns setof uuid language sql as
      $$ insert into app.noted select unnest(entity_ids) returning id $$`)
  const [generous, writing] = await Promise.all(
    ['app.too_much', 'app.writes'].map((name) =>
      startTestService(database.serviceUrl, { PUBSUB_AUTHORIZE: name }),
    ),
  )
  const client = await connect(generous!.url, ann)
  expect(await client.subscribe('note', [ann])).toMatchObject({ count: 1, denied: [] })
  await database.sql(
    `insert into app.system_logging (entity_code, entity_id, action) values ('note', $1, 3)`,
    [stranger],
  )
  await database.sql(
    `insert into app.system_logging (entity_code, entity_id, action) values ('note', $1, 3)`,
    [ann],
  )
  await client.next('INVALIDATE')
  expect(client.heard()).toEqual([ann])
  const refused = await connect(writing!.url, ann)
  refused.send({ type: 'SUBSCRIBE', payload: { entityCode: 'note', entityIds: [ann] } })
  expect(await refused.next('ERROR')).toMatchObject({ code: 'unavailable' })
  expect(await database.sql('select from app.noted')).toEqual([])
  await Promise.all([client.close(), refused.close()])
  await Promise.all([generous!.stop(), writing!.stop()])
})

test('a table that users may not read is heard of by nobody, nor are its lists', async () => {
  await database.sql(`create table app.secret (id uuid primary key); select app.track('secret')`)
  await database.sql('insert into app.secret values ($1)', [ann])
  const service = await startTestService(database.serviceUrl)
  const client = await connect(service.url, ann)
  expect(await client.subscribe('secret', [ann], true)).toMatchObject({
    count: 0,
    denied: [ann],
    list: false,
  })
  await client.close()
  await service.stop()
})

test('a tracked table that is gone is an entity that nobody may see', async () => {
  const [id] = (await makeProjects(database, ann, 1)) as [string]
  await database.sql(
    `create table app.passing (id uuid primary key); select app.track('passing'); drop table app.passing`,
  )
  const service = await startTestService(database.serviceUrl)
  const client = await connect(service.url, ann)
  expect(await client.subscribe('passing', [id], true)).toMatchObject({ count: 0, list: false })
  expect(await client.subscribe('project', [id])).toMatchObject({ count: 1 })
  await client.close()
  await service.stop()
})
