-- One change of a mutation: what is asked, checked, and done with the caller's rights.

create or replace function tidemark.check_mutations(client_id uuid, mutations jsonb) returns void
language plpgsql stable as $$
declare
  mutation jsonb;
  previous numeric := 0;
  id numeric;
begin
  if client_id is null or jsonb_typeof(mutations) is distinct from 'array' then
    perform tidemark.malformed('it has a client id and a list of mutations.');
  elsif jsonb_array_length(mutations) > 100 or octet_length(mutations::text) > 1048576 then
    perform tidemark.fail('TM005', 'More than 100 mutations, or more than 1 MB.', 'Push fewer at a time.');
  end if;
  for mutation in select * from jsonb_array_elements(mutations) loop
    if jsonb_typeof(mutation -> 'id') is distinct from 'number' or jsonb_typeof(mutation -> 'changes') is distinct from 'array' then
      perform tidemark.malformed('a mutation has an id and a list of changes.');
    end if;
    id := (mutation ->> 'id')::numeric;
    if id <= previous or id <> trunc(id) or id > 9007199254740991 then
      perform tidemark.malformed('ids of mutations count up from 1.');
    end if;
    perform tidemark.check_change(one) from jsonb_array_elements(mutation -> 'changes') as each (one);
    previous := id;
  end loop;
end $$;

create or replace function tidemark.check_change(change jsonb) returns void
language plpgsql stable as $$
declare
  op text := change ->> 'op';
  key jsonb := tidemark.key_list(change -> 'key');
  declared tidemark.tables;
begin
  if jsonb_typeof(change -> 'table') is distinct from 'string' then
    perform tidemark.malformed('a change has a table.');
  end if;
  declared := tidemark.declared(change ->> 'table');
  if op is null or op not in ('insert', 'update', 'delete') then
    perform tidemark.malformed('op is insert, update or delete.');
  elsif jsonb_array_length(key) is distinct from cardinality(declared.key) then
    perform tidemark.malformed('key has the values of the key of its table.');
  elsif op <> 'delete' and jsonb_typeof(change -> 'values') is distinct from 'object' then
    perform tidemark.malformed('values is an object.');
  elsif coalesce(change ->> 'or', 'update') <> 'update' then
    perform tidemark.malformed('or is update.');
  elsif jsonb_typeof(change -> 'at') not in ('string', 'number', 'null') then
    perform tidemark.malformed('at is a time.');
  elsif jsonb_typeof(change -> 'seq') <> 'null' and not tidemark.is_value(change ->> 'seq', 'bigint') then
    perform tidemark.malformed('seq is a sync_seq.');
  end if;
end $$;

-- A key as the list of its values; null when it is none.
create or replace function tidemark.key_list(key jsonb) returns jsonb
language sql immutable as $$
  select case when bool_and(jsonb_typeof(part) in ('string', 'number', 'boolean')) then list end
  from (select case when jsonb_typeof(key) = 'array' then key else jsonb_build_array(key) end) as one (list),
    jsonb_array_elements(list) as each (part)
  group by list
$$;

-- The definitions of columns for jsonb_to_record.
create or replace function tidemark.record_sql(relation regclass, names text[]) returns text
language plpgsql stable as $$
declare
  unknown text;
begin
  select name into unknown from unnest(names) as one (name) where not exists (
    select from pg_attribute a where a.attrelid = relation and a.attname::text = name and a.attnum > 0 and not a.attisdropped
  );
  if unknown is not null then
    raise undefined_column using message = format('column "%s" of relation "%s" does not exist', left(unknown, 63), relation);
  end if;
  return (
    select string_agg(format('%I %s', a.attname, format_type(a.atttypid, a.atttypmod)), ', ')
    from pg_attribute a where a.attrelid = relation and a.attname = any (names)
  );
end $$;

-- Null when the change has taken effect, or need not; otherwise the row that is in its way (JSON null when it is gone).
create or replace function tidemark.apply(change jsonb) returns jsonb
language plpgsql as $$
declare
  declared tidemark.tables := tidemark.declared(change ->> 'table');
  key jsonb := (
    select jsonb_object_agg(name, tidemark.key_list(change -> 'key') -> (place - 1)::integer)
    from unnest(declared.key) with ordinality as one (name, place)
  );
  "values" jsonb := coalesce(nullif(change -> 'values', 'null'), '{}') - declared.key - '{sync_xid,sync_seq}'::text[];
  columns text[] := array(select jsonb_object_keys("values"));
  n bigint;
begin
  if change ->> 'op' = 'insert' then
    execute tidemark.insert_sql(declared, columns, change ->> 'or' is not null) using key || "values";
  elsif change ->> 'op' = 'delete' then
    execute tidemark.change_sql(declared, '{}', 'delete from %1$s t using jsonb_to_record($1) as r (%3$s) where %4$s', change)
    using key;
  elsif columns <> '{}' then
    execute tidemark.change_sql(declared, columns,
      'update %1$s t set %2$s from jsonb_to_record($1) as r (%3$s) where %4$s', change)
    using key || "values";
  else
    return null;
  end if;
  get diagnostics n = row_count;
  if n > 0 then
    return null;
  elsif change ->> 'op' = 'insert' then
    if change ->> 'or' is null then
      perform tidemark.nothing_changed();
    end if;
    return null;
  end if;
  return tidemark.untouched(declared, change, key);
end $$;

create or replace function tidemark.nothing_changed() returns void
language sql as $$
  select tidemark.fail('TM001', 'No row was changed: it is gone, or a policy hides it.', 'Discard the write, or make the row anew.')
$$;

create or replace function tidemark.insert_sql(declared tidemark.tables, columns text[], or_update boolean) returns text
language sql stable as $$
  select format('insert into %1$s (%2$s) select %2$s from jsonb_to_record($1) as r (%3$s)',
    (declared).relation, tidemark.each('%1$I', (declared).key || columns),
    tidemark.record_sql((declared).relation, (declared).key || columns))
  || case
    when not or_update then ''
    when columns = '{}' then ' on conflict do nothing'
    else format(' on conflict (%s) do update set %s',
      tidemark.each('%1$I', (declared).key), tidemark.each('%1$I = excluded.%1$I', columns)) end
$$;

create or replace function tidemark.same_key_sql(declared tidemark.tables) returns text
language sql stable as $$
  select format('(%s) = (%s)', tidemark.each('t.%1$I', (declared).key), tidemark.each('r.%1$I', (declared).key))
$$;

-- Whether the row was written later than `at`; null where `at` is not given.
create or replace function tidemark.later_sql(declared tidemark.tables, change jsonb) returns text
language sql stable as $$
  select format('(t.updated_at is not null and t.updated_at > %L::%s)', change ->> 'at',
    regexp_replace(tidemark.record_sql((declared).relation, '{updated_at}'), '^updated_at ', ''))
  where change ->> 'at' is not null
$$;

-- An update or delete of the one row with the key, unless it is another version than `at` or `seq` allow.
create or replace function tidemark.change_sql(declared tidemark.tables, columns text[], template text, change jsonb) returns text
language sql stable as $$
  select format(template, (declared).relation, tidemark.each('%1$I = r.%1$I', columns),
    tidemark.record_sql((declared).relation, (declared).key || columns),
    concat_ws(' and ', tidemark.same_key_sql(declared),
      'not ' || tidemark.later_sql(declared, change), 't.sync_seq = ' || (change ->> 'seq')::bigint))
$$;

-- What a change means that has changed no row.
create or replace function tidemark.untouched(declared tidemark.tables, change jsonb, key jsonb) returns jsonb
language plpgsql stable
set timezone = 'UTC' set datestyle = 'ISO, YMD' set intervalstyle = 'postgres'
set extra_float_digits = 1 set bytea_output = 'hex'
as $$
declare
  later boolean;
  other boolean;
  found_row json;
begin
  execute format('select %s, t.sync_seq is distinct from %L::bigint, case when %L then row_to_json(t.*) end
      from %s t, jsonb_to_record($1) as r (%s) where %s',
    coalesce(tidemark.later_sql(declared, change), 'false'), change ->> 'seq', change ->> 'seq' is not null,
    declared.relation, tidemark.record_sql(declared.relation, declared.key), tidemark.same_key_sql(declared))
  into later, other, found_row using key;
  if other is null and change ->> 'op' = 'delete' or later then
    return null;
  elsif change ->> 'seq' is not null and coalesce(other, true) then
    return coalesce(found_row::jsonb, 'null');
  end if;
  perform tidemark.nothing_changed();
end $$;
