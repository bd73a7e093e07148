-- tidemark_push: a client's mutations, in its order, each exactly once.

create or replace function public.tidemark_push(client_id uuid, mutations jsonb) returns json
language plpgsql volatile as $$
declare
  me text := tidemark.caller();
  client tidemark.clients;
  expected bigint;
  mutation jsonb;
  result jsonb;
  results jsonb[] := '{}';
begin
  if me is null then
    perform tidemark.fail('TM006', 'Nobody is signed in.', 'Sign in, and push again.');
  end if;
  perform tidemark.check_mutations(client_id, mutations);
  client := tidemark.lock_client(client_id, me, (mutations -> 0 ->> 'id')::bigint);
  expected := tidemark.gap(mutations, client.last);
  if expected is null then
    for mutation in select * from jsonb_array_elements(mutations) loop
      if (mutation ->> 'id')::bigint <= client.last then
        result := tidemark.replay(client_id, mutation);
      else
        result := tidemark.take(client_id, me, mutation);
        exit when result is null;
      end if;
      results := results || result;
      exit when result ->> 'status' = 'conflict';
      client.last := greatest(client.last, (mutation ->> 'id')::bigint);
    end loop;
    update tidemark.clients set last = client.last, at = clock_timestamp() where id = client_id;
  end if;
  return jsonb_strip_nulls(jsonb_build_object(
    'epoch', tidemark.epoch(), 'xid', pg_current_xact_id()::text, 'last', client.last, 'gap', expected))
    || jsonb_build_object('results', to_jsonb(results));
end $$;

-- The client's state, for this transaction alone. What was refused before the first id is known to the client by now.
create or replace function tidemark.lock_client(client_id uuid, me text, first bigint) returns tidemark.clients
language plpgsql as $$
declare
  client tidemark.clients;
begin
  insert into tidemark.clients (id, owner) values (client_id, me) on conflict do nothing;
  select * into client from tidemark.clients where id = client_id for update;
  if client.id is null then
    perform tidemark.fail('TM004', 'The client id belongs to another user.', 'Push with a new client id.');
  end if;
  delete from tidemark.refusals where refusals.client = client_id and refusals.id < first;
  return client;
end $$;

-- The id that was expected where one is left out; null where none is.
create or replace function tidemark.gap(mutations jsonb, last bigint) returns bigint
language sql immutable as $$
  select min(expected) from (
    select id, coalesce(lag(id) over (order by place), last) + 1 as expected
    from (
      select (one ->> 'id')::bigint as id, place from jsonb_array_elements(mutations) with ordinality as each (one, place)
    ) ids
    where id > last
  ) fresh where id <> expected
$$;

create or replace function tidemark.replay(client_id uuid, mutation jsonb) returns jsonb
language sql stable as $$
  select jsonb_build_object('id', mutation -> 'id', 'status', case when refused.error is null then 'applied' else 'refused' end)
    || case when refused.error is null then '{}' else jsonb_build_object('error', refused.error) end
  from (select) one left join tidemark.refusals refused
    on refused.client = client_id and refused.id = (mutation ->> 'id')::bigint
$$;

-- Applies one mutation, all of it or nothing.
create or replace function tidemark.take(client_id uuid, me text, mutation jsonb) returns jsonb
language plpgsql as $$
declare
  id jsonb := mutation -> 'id';
  place integer := 0;
  change jsonb;
  conflict jsonb;
  error jsonb;
  details text;
  hint text;
begin
  set constraints all deferred;
  for change in select * from jsonb_array_elements(mutation -> 'changes') loop
    conflict := tidemark.apply(change);
    if conflict is not null then
      raise exception using errcode = 'TM900', message = 'A conflict takes the mutation back.';
    end if;
    place := place + 1;
  end loop;
  set constraints all immediate;
  return jsonb_build_object('id', id, 'status', 'applied');
exception
  when sqlstate 'TM900' then
    return jsonb_build_object('id', id, 'status', 'conflict', 'change', place, 'row', conflict);
  when others then
    if tidemark.may_pass(sqlstate) then
      raise;
    end if;
    get stacked diagnostics details = pg_exception_detail, hint = pg_exception_hint;
    error := jsonb_build_object('code', sqlstate, 'message', left(sqlerrm, 1000), 'details', left(nullif(details, ''), 1000),
      'hint', left(nullif(hint, ''), 1000), 'table', change -> 'table', 'change', case when place < jsonb_array_length(mutation -> 'changes') then place end);
    insert into tidemark.refusals (client, id, owner, error) values (client_id, id::bigint, me, error);
    return jsonb_build_object('id', id, 'status', 'refused', 'error', error);
end $$;

-- Errors that are not about the mutation: the same request may be taken later.
create or replace function tidemark.may_pass(code text) returns boolean
language sql immutable as $$
  select left(code, 2) in ('08', '25', '40', '53', '57', '58', 'XX') or code in ('55006', '55P03')
$$;
