create or replace function public.tidemark_pull(request jsonb) returns json
language plpgsql stable
set timezone = 'UTC' set datestyle = 'ISO, YMD' set intervalstyle = 'postgres'
set extra_float_digits = 1 set bytea_output = 'hex' set jit = off
as $$
declare
  asked tidemark.pull_request := tidemark.pull_request(request);
  epoch text := tidemark.epoch();
  reset boolean := asked.cookie is not null and epoch is distinct from request ->> 'epoch'
    or request #>> '{page,epoch}' is distinct from epoch and asked.at_table is not null;
  known text[] := tidemark.known(asked.names);
  read record;
begin
  if not reset and (pg_snapshot_xmax(asked.cookie) > pg_snapshot_xmax(asked.now)
    or pg_snapshot_xmax(asked.first) > pg_snapshot_xmax(asked.now)) then
    perform tidemark.malformed('it has a snapshot from the future.');
  end if;
  select * into read from tidemark.read_tables(asked, case when reset then '{}' else known end);
  return json_build_object(
    'epoch', epoch,
    'role', current_user,
    'cookie', case when reset then asked.now else asked.first end::text,
    'snapshot', asked.now::text,
    'reset', reset,
    'expired', coalesce(not reset and tidemark.pruned() >= pg_snapshot_xmin(asked.cookie), false),
    'missing', (select coalesce(json_agg(name), '[]') from unnest(asked.names) as one (name) where name <> all (known)),
    'tables', read.tables,
    'page', (read.page || jsonb_build_object('first', asked.first::text, 'epoch', epoch))::json
  );
end $$;

-- Names of tables that are in exact mode for the caller.
create or replace function tidemark.known(names text[]) returns text[]
language plpgsql stable as $$
begin
  return array(
    select t.name from tidemark.tables t join pg_catalog.pg_class c on c.oid = t.relation
    where t.name = any (names) and tidemark.is_readable(t.relation) is not null
    order by t.name collate "C"
  );
end $$;

-- Reads tables until the page is full. `tables` is their JSON, `page` where it ended, or null at the end of all.
create or replace function tidemark.read_tables(asked tidemark.pull_request, known text[], out tables json, out page jsonb)
language plpgsql stable as $$
declare
  declared tidemark.tables;
  touched text[] := tidemark.touched(asked);
  scopes jsonb := tidemark.scoped(asked);
  parts text[] := '{}';
  part record;
begin
  for declared in select t.* from tidemark.tables t where t.name = any (known) order by t.name collate "C" loop
    continue when declared.name collate "C" < asked.at_table;
    select * into part from tidemark.read_table(declared, asked, touched, scopes -> declared.name);
    asked.size := asked.size - part.n;
    page := part.page;
    if part.answer is not null then
      parts := parts || (to_json(declared.name) || ':' || part.answer);
    end if;
    exit when page is not null;
  end loop;
  tables := '{' || array_to_string(parts, ',') || '}';
end $$;

-- Reads one table; `answer` is null when there is nothing to say of it.
create or replace function tidemark.read_table(
  declared tidemark.tables, asked tidemark.pull_request, touched text[], scopes jsonb,
  out n integer, out answer text, out page jsonb
)
language plpgsql stable as $$
declare
  stages text[] := tidemark.stages(declared, asked, touched, scopes);
  stage text;
  here boolean := (declared).name is not distinct from asked.at_table;
  part tidemark.page;
  rows text[] := '{}';
  hashes text[] := '{}';
  gone text[] := '{}';
begin
  n := 0;
  foreach stage in array stages[coalesce(array_position(stages, case when here then asked.at_stage end), 1):] loop
    if stage = 'gone' then
      part := tidemark.read_gone(declared, asked, case when here and stage = asked.at_stage then asked.after_seq else 0 end, asked.size - n);
      gone := gone || part.rows;
    else
      part := tidemark.read_stage(declared, asked, scopes, stage, case stage when 'late' then 5000 else asked.size - n end,
        here and stage = asked.at_stage);
      rows := rows || part.rows;
      hashes := hashes || part.hashes;
    end if;
    n := n + part.n;
    if n >= asked.size then
      page := jsonb_build_object('table', (declared).name, 'stage', stage, 'after', part.last, 'edge',
        case when here and asked.at_stage = 'late' then asked.edge else pg_snapshot_xmax(asked.now) end::text);
      exit;
    end if;
  end loop;
  scopes := case when asked.at_table is null then scopes end;
  if n > 0 or scopes is not null and asked.cookie is not null and (declared).name <> all (asked.whole) then
    answer := tidemark.answer(rows, hashes, gone, scopes);
  end if;
end $$;

create or replace function tidemark.answer(rows text[], hashes text[], gone text[], scopes jsonb) returns text
language plpgsql stable as $$
begin
  return '{"rows":[' || array_to_string(rows, ',') || '],"hashes":[' || array_to_string(hashes, ',')
    || '],"gone":[' || array_to_string(gone, ',') || '],"scopes":'
    || coalesce((select json_agg(json_build_object('column', key, 'values', value)) from jsonb_each(scopes))::text, '[]') || '}';
end $$;
