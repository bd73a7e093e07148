-- The stages of a pull: which a table goes through, and what each reads.

-- Tables of which the caller may hold rows that are touched since the cookie.
create or replace function tidemark.touched(asked tidemark.pull_request) returns text[]
language plpgsql stable as $$
begin
  return array(
    select distinct name from tidemark.tombstones
    where owner = any (array['', asked.me]) and xid >= pg_snapshot_xmin(asked.cookie)
      and not pg_visible_in_snapshot(xid, asked.cookie)
  );
end $$;

-- The values of scopes that have changed between the cookie and the first page: { table: { column: [value] } }.
create or replace function tidemark.scoped(asked tidemark.pull_request) returns jsonb
language plpgsql stable as $$
begin
  return (select coalesce(jsonb_object_agg(name, columns), '{}') from (
    select name, jsonb_object_agg(col, told) as columns from (
      select name, col, jsonb_agg(distinct value) as told from tidemark.scope_events
      where owner = any (array['', asked.me]) and xid >= pg_snapshot_xmin(asked.cookie)
        and not pg_visible_in_snapshot(xid, asked.cookie) and pg_visible_in_snapshot(xid, asked.first)
      group by name, col
    ) each_column group by name
  ) each_table);
end $$;

create or replace function tidemark.stages(
  declared tidemark.tables, asked tidemark.pull_request, touched text[], scopes jsonb
) returns text[]
language plpgsql stable as $$
declare
  windowed boolean := jsonb_exists(asked.ranges, (declared).name);
  stages text[];
begin
  if not tidemark.is_readable((declared).relation) then
    return '{}';
  elsif asked.cookie is null or (declared).name = any (asked.whole) then
    stages := case when windowed then '{range}' else '{whole}' end;
  else
    stages := '{delta}';
    if windowed then
      stages := stages || '{range}'::text[];
    end if;
    if scopes is not null then
      stages := stages || array(select 'scope:' || col from jsonb_object_keys(scopes) as one (col) order by col);
    end if;
    if (declared).name = any (touched) then
      stages := stages || '{gone}'::text[];
    end if;
  end if;
  if asked.at_table is not null and (stages && '{whole,range}' or scopes is not null) then
    stages := stages || '{late}'::text[];
  end if;
  return stages;
end $$;

-- Reads a page of one stage.
create or replace function tidemark.read_stage(
  declared tidemark.tables, asked tidemark.pull_request, scopes jsonb, stage text, size integer, resumed boolean,
  by_text boolean default false
) returns tidemark.page
language plpgsql stable as $$
declare
  me text := case when (declared).owner is null then asked.me else tidemark.caller_as((declared).owner_type) end;
  seen pg_snapshot := case stage when 'delta' then asked.cookie else asked.first end;
  edge xid8 := case when stage = 'delta' then pg_snapshot_xmax(asked.first)
    when stage = 'late' and resumed then asked.edge else pg_snapshot_xmax(asked.now) end;
  condition text := tidemark.unwritten_sql();
  argument jsonb;
  result tidemark.page;
begin
  if not resumed then
    asked.after_xid := case when stage in ('delta', 'late') then pg_snapshot_xmin(seen) else '0' end;
    asked.after_seq := -1;
    asked.after_key := '[]';
  elsif exists (
    select from unnest((declared).key_types) with ordinality as one (type, place)
    where tidemark.is_value(asked.after_key ->> (place - 1)::integer, type) is not true
  ) then
    perform tidemark.malformed('page is what the last answer gave.');
  end if;
  if stage in ('delta', 'late') and by_text then
    condition := tidemark.changed_sql();
  elsif stage in ('delta', 'late') then
    execute format('select * from tidemark.%I($1, $2, $3, $4, $5, $6, $7)', (declared).reader) into result
    using asked.after_xid, asked.after_seq, asked.after_key, size, me, seen, edge;
    return result;
  elsif stage = 'range' then
    argument := tidemark.ranges(declared, asked.ranges -> (declared).name);
    condition := condition || ' and ' || tidemark.ranges_sql((declared).relation, argument);
  elsif stage like 'scope:%' then
    argument := scopes -> substr(stage, 7);
    condition := condition || ' and ' || tidemark.scope_sql((declared).relation, substr(stage, 7));
  end if;
  execute tidemark.page_sql(declared, (declared).relation::text, condition, tidemark.hash_sql(by_text)) into result
  using asked.after_xid, asked.after_seq, asked.after_key, size, me, seen, edge, argument;
  return result;
exception when undefined_function then
  if by_text then
    raise;
  end if;
  return tidemark.read_stage(declared, asked, scopes, stage, size, resumed, true);
end $$;

-- Rows with one of the values of $8.
create or replace function tidemark.scope_sql(relation regclass, col text) returns text
language sql stable as $$
  select format('t.%I = any (array(select pg_catalog.jsonb_array_elements_text($8))::%s[])', col, format_type(a.atttypid, -1))
  from pg_attribute a where a.attrelid = relation and a.attname = col and not a.attisdropped
$$;

-- A page of touches whose row the caller cannot see now; the JSON of the keys stands in `rows`.
create or replace function tidemark.read_gone(
  declared tidemark.tables, asked tidemark.pull_request, after bigint, size integer
) returns tidemark.page
language plpgsql stable as $$
declare
  me text := case when (declared).owner is null then asked.me else tidemark.caller_as((declared).owner_type) end;
  result tidemark.page;
begin
  execute format($q$
    with page as materialized (
      select id, key from tidemark.tombstones
      where name = $1 and owner = any (array['', $2]) and id > $3 and xid >= pg_snapshot_xmin($4)
        and not pg_visible_in_snapshot(xid, $4) and xid < $7
      order by id limit $6
    ), keys as (select distinct key from page)
    select (select count(*)::integer from page),
      (select string_agg((case when jsonb_array_length(key) = 1 then key -> 0 else key end)::text, ',') from keys
       where not exists (select from %s t where %s and (%s) = (%s))),
      null, jsonb_build_array('0', (select max(id) from page), '[]'::jsonb) $q$,
    (declared).relation, tidemark.owned_sql(declared),
    tidemark.each('t.%1$I', (declared).key),
    tidemark.each('(keys.key ->> %3$s)::%2$s', (declared).key, (declared).key_types))
  into result using (declared).name, coalesce(asked.me, ''), after, asked.cookie, me, size,
    pg_snapshot_xmax(asked.first);
  return result;
end $$;
