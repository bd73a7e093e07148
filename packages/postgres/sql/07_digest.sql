-- tidemark_digest: what a caller sees of a table, as 256 numbers of rows and 256 XORs of their hashes.

create or replace function public.tidemark_digest(request jsonb) returns json
language plpgsql stable
set timezone = 'UTC' set datestyle = 'ISO, YMD' set intervalstyle = 'postgres'
set extra_float_digits = 1 set bytea_output = 'hex' set jit = off
as $$
declare
  table_name text;
  wanted jsonb;
  parts text[] := '{}';
begin
  if jsonb_typeof(request) is distinct from 'object' or jsonb_typeof(request -> 'tables') is distinct from 'object' then
    perform tidemark.malformed('tables is an object.');
  end if;
  for table_name, wanted in select * from jsonb_each(request -> 'tables') loop
    parts := parts || (to_json(table_name) || ':' || tidemark.digest(tidemark.declared(table_name), wanted));
  end loop;
  return json_build_object(
    'epoch', tidemark.epoch(),
    'snapshot', pg_current_snapshot()::text,
    'tables', ('{' || array_to_string(parts, ',') || '}')::json
  );
end $$;

-- The declaration of a table that must be there.
create or replace function tidemark.declared(table_name text) returns tidemark.tables
language plpgsql stable as $$
declare
  declared tidemark.tables;
begin
  select t.* into declared from tidemark.tables t join pg_catalog.pg_class c on c.oid = t.relation
  where t.name = table_name;
  if declared.name is null then
    perform tidemark.fail('TM003', format('The table "%s" is not declared.', left(table_name, 63)),
      'Run `tidemark sql` and apply what it prints.');
  end if;
  return declared;
end $$;

create or replace function tidemark.digest(declared tidemark.tables, wanted jsonb, by_text boolean default false) returns json
language plpgsql stable as $$
declare
  ranges jsonb;
  condition text := 'true';
  buckets integer[] := tidemark.to_buckets(wanted -> 'buckets');
  owner_type text := (declared).owner_type;
  me text := case when owner_type is not null then tidemark.caller_as(owner_type) end;
  result json;
begin
  if jsonb_typeof(wanted) <> 'object' then
    perform tidemark.malformed('of each table an object is said.');
  elsif jsonb_typeof(wanted -> 'ranges') <> 'null' then
    ranges := tidemark.ranges(declared, wanted -> 'ranges');
    condition := tidemark.ranges_sql((declared).relation, ranges);
  end if;
  if tidemark.is_readable((declared).relation) is not true then
    return case when buckets is null
      then json_build_object('counts', array_fill(0, array[256]), 'xors', array_fill(0, array[256]))
      else '{"rows":[],"hashes":[]}' end;
  end if;
  execute format(case when buckets is null then tidemark.digest_sql() else tidemark.buckets_sql() end,
    (declared).relation, tidemark.owned_sql(declared), condition, tidemark.hash_sql(by_text))
  into result using buckets, null, null, null, me, null, null, ranges;
  return result;
exception when undefined_function then
  if by_text then
    raise;
  end if;
  return tidemark.digest(declared, wanted, true);
end $$;

create or replace function tidemark.digest_sql() returns text
language sql immutable as $body$
  select $q$
    select json_build_object(
      'counts', json_agg(coalesce(found.n, 0) order by bucket),
      'xors', json_agg(coalesce(found.x, 0) order by bucket))
    from generate_series(0, 255) as bucket left join (
      select h & 255 as b, count(*) as n, bit_xor(h) as x from (
        select %4$s & 281474976710655 as h from (select coalesce(t.*) as r from %1$s t where %2$s and %3$s) seen offset 0
      ) each_row group by b
    ) found on found.b = bucket $q$
$body$;

create or replace function tidemark.buckets_sql() returns text
language sql immutable as $body$
  select $q$
    select case when count(*) > 5000 then json_build_object('tooMany', true)
      else json_build_object('rows', coalesce(json_agg(r), '[]'), 'hashes', coalesce(json_agg(h), '[]')) end
    from (
      select r, h from (
        select r, %4$s & 281474976710655 as h from (select coalesce(t.*) as r from %1$s t where %2$s and %3$s) seen offset 0
      ) each_row where h & 255 = any ($1) limit 5001
    ) wanted $q$
$body$;

-- Null when none are asked for.
create or replace function tidemark.to_buckets(value jsonb) returns integer[]
language plpgsql immutable as $$
begin
  if value is null or value = 'null' then
    return null;
  elsif jsonb_typeof(value) <> 'array' or jsonb_path_exists(value, 'strict $[*] ? (@.type() != "number" || @ < 0 || @ > 255)') then
    perform tidemark.malformed('buckets are numbers from 0 to 255.');
  end if;
  return array(select one::numeric::integer from jsonb_array_elements_text(value) as each (one));
end $$;
