/**
 * What exact sync costs in the database: `node --conditions=@tidemark/source --import ./scripts/source-hooks.mjs
 * packages/bench/node/exact.ts`. Times are taken in the database, as the role `authenticated`, under row level security; ratios
 * compare what was measured in turns in one run. PG_BIN selects the PostgreSQL.
 */
import { startDevServer } from '@tidemark/dev-server'
import { kitSql } from '@tidemark/postgres'

const user = '00000000-0000-4000-8000-000000000001'

const columns = `id uuid primary key default gen_random_uuid(), user_id uuid not null, title text not null, agenda text,
  start_time timestamptz not null default now(), duration int not null default 30, all_day boolean not null default false,
  private boolean not null default false, created_at timestamptz not null default now(), updated_at timestamptz not null default now()`

/** Eight tables under policies; the first has 1,000,000 rows of 10 users. */
const tables = `
do $$ begin
  for i in 1..8 loop
    execute format('create table public.t%s (${columns.replaceAll("'", "''")})', i);
    execute format('alter table t%s enable row level security', i);
    execute format('create policy own on t%s to authenticated using (user_id = (select auth.uid()))', i);
  end loop;
end $$;
insert into t1 (user_id, title, agenda)
  select ('00000000-0000-4000-8000-' || lpad((i % 10)::text, 12, '0'))::uuid, 'title ' || i, 'agenda of ' || i
  from generate_series(1, 1000000) i;
do $$ begin
  for i in 1..8 loop
    perform tidemark.install(('public.t' || i)::regclass, owner => 'user_id');
  end loop;
end $$;`

/** The median of many calls, in ms. */
const measuring = `
create schema bench;
create function bench.median(times numeric[]) returns numeric language sql as $$
  select round(percentile_cont(0.5) within group (order by t)::numeric, 2) from unnest(times) t
$$;
create function bench.call(name text, request jsonb, times int) returns numeric language plpgsql as $$
declare began timestamptz; taken numeric[] := '{}';
begin
  perform set_config('request.jwt.claims', '{"sub": "${user}", "role": "authenticated"}', true), set_config('role', 'authenticated', true);
  for i in 1..times loop
    began := clock_timestamp();
    if name = 'pull' then perform public.tidemark_pull(request); else perform public.tidemark_digest(request); end if;
    taken := taken || (extract(epoch from clock_timestamp() - began) * 1000)::numeric;
  end loop;
  perform set_config('role', 'none', true);
  return bench.median(taken);
end $$;`

/** The same table twice: once with an indexed updated_at, set by a trigger as apps have it, and once with the stamp in its place. */
const writing = `
create table public.plain (${columns});
create table public.stamped (${columns});
create function bench.touch() returns trigger language plpgsql as $$ begin new.updated_at := clock_timestamp(); return new; end $$;
create trigger touch before insert or update on plain for each row execute function bench.touch();
create index on plain (user_id, updated_at, id);
select tidemark.install('public.stamped', owner => 'user_id');
insert into plain (id, user_id, title, agenda)
  select md5(i::text)::uuid, md5((i % 10)::text)::uuid, 'title', repeat('agenda ', 20) from generate_series(1, 50000) i;
insert into stamped select * from plain;
create procedure bench.writes(inout singles numeric, inout bulk numeric, inout inserts numeric) language plpgsql as $$
declare began timestamptz; relation text; spent jsonb; all_spent jsonb := '[]';
begin
  for round in 1..60 loop
    spent := '{}';
    foreach relation in array (case round % 2 when 0 then '{plain,stamped}' else '{stamped,plain}' end)::text[] loop
      began := clock_timestamp();
      for i in 1..200 loop
        execute format('update %s set title = $2 where id = $1', relation) using md5((i + round * 700)::text)::uuid, 't' || round;
      end loop;
      spent := spent || jsonb_build_object(relation || 1, extract(epoch from clock_timestamp() - began));
      commit;
      began := clock_timestamp();
      execute format('update %s set title = ''b'' where id in (select md5((i + %s)::text)::uuid from generate_series(201, 600) i)', relation, round * 700);
      spent := spent || jsonb_build_object(relation || 2, extract(epoch from clock_timestamp() - began));
      commit;
      began := clock_timestamp();
      execute format('insert into %s (user_id, title, agenda) select md5((i %% 10)::text)::uuid, ''new'', repeat(''agenda '', 20) from generate_series(1, 400) i', relation);
      spent := spent || jsonb_build_object(relation || 3, extract(epoch from clock_timestamp() - began));
      commit;
    end loop;
    all_spent := all_spent || spent;
  end loop;
  -- The fastest round of each: what else the machine does only ever adds.
  select round(min((r ->> 'stamped1')::numeric) / min((r ->> 'plain1')::numeric), 2),
    round(min((r ->> 'stamped2')::numeric) / min((r ->> 'plain2')::numeric), 2),
    round(min((r ->> 'stamped3')::numeric) / min((r ->> 'plain3')::numeric), 2)
  into singles, bulk, inserts from jsonb_array_elements(all_spent) r;
end $$;`

const server = await startDevServer({ port: 0, database: 'temporary' })
try {
  for (const sql of [kitSql(), tables, 'vacuum analyze t1', measuring, writing]) await server.sql(sql)
  const ask = async (name: string, request: object, times: number): Promise<string> => {
    const [row] = await server.sql<{ ms: string }>('select bench.call($1, $2, $3) as ms', [
      name,
      request,
      times,
    ])
    return `${row?.ms ?? '?'} ms`
  }
  const position = async () => {
    const text = 'select pg_current_snapshot()::text as cookie, tidemark.epoch() as epoch'
    return (await server.sql<{ cookie: string; epoch: string }>(text))[0]
  }
  const before = await position()
  await server.sql(`update t1 set title = 'x' where id in (select id from t1 where user_id = $1 limit 200)`, [
    user,
  ])
  const after = await position()
  const all = { tables: Array.from({ length: 8 }, (_, index) => `t${index + 1}`) }
  const [version] = await server.sql<{ version: string }>(
    `select current_setting('server_version') as version`,
  )
  const [writes] = await server.sql<{ singles: string; bulk: string; inserts: string }>(
    'call bench.writes(0, 0, 0)',
  )
  console.table({
    PostgreSQL: version?.version,
    'empty pull of 8 tables (target 2 ms)': await ask('pull', { ...after, ...all }, 200),
    '200 rows changed of 1,000,000 (target 10 ms)': await ask('pull', { ...before, ...all }, 50),
    'page of 1,000 rows of a first pull': await ask(
      'pull',
      { cookie: null, epoch: null, tables: ['t1'] },
      20,
    ),
    'digest of 100,000 rows (target 200 ms)': await ask('digest', { tables: { t1: {} } }, 7),
    'single updates: stamped / updated_at (target 1.15)': writes?.singles,
    'updates of 400 rows: stamped / updated_at': writes?.bulk,
    'inserts of 400 rows: stamped / updated_at': writes?.inserts,
  })
} finally {
  await server.stop()
}
