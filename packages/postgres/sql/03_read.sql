-- How rows are read: a page of a table, in the order of (sync_xid, sync_seq, key), with the hash of each row.
-- The parameters of every such statement are: $1 sync_xid, $2 sync_seq and $3 key (jsonb array) to go on after, $4 rows at most,
-- $5 the caller, $6 a snapshot, $7 the first transaction that is too late, $8 the condition's argument.

-- One page: the number of rows, their JSON and hashes (each joined by commas), and the position of the last.
do $$ begin
  if to_regtype('tidemark.page') is null then
    create type tidemark.page as (n integer, rows text, hashes text, last jsonb);
  end if;
end $$;

-- A list of SQL expressions, one for each of the names: '%1$I' stands for the name and '%2$s' for its type, '%3$s' and '%4$s' for its
-- place from 0 and from 1.
create or replace function tidemark.each(template text, names text[], types text[] default '{}') returns text
language sql immutable set search_path = '' as $$
  select string_agg(format(template, name, types[place], place - 1, place), ', ' order by place)
  from unnest(names) with ordinality as one (name, place)
$$;

-- The hash of a row `r`: of its values, or of its text where one of its types has no hash function (json, point and the like).
create or replace function tidemark.hash_sql(by_text boolean) returns text
language sql immutable as $$
  select case when by_text then 'hashtextextended(r::text, 0)' else 'hash_record_extended(r, 0)' end
$$;

-- Whose rows are considered.
create or replace function tidemark.owned_sql(declared tidemark.tables) returns text
language sql stable set search_path = '' as $$
  select case when (declared).owner is null then 'true'
    else format('t.%I = $5::%s', (declared).owner, (declared).owner_type) end
$$;

create or replace function tidemark.page_sql(declared tidemark.tables, relation text, condition text, hash text) returns text
language sql stable set search_path = '' as $$
  select format($q$
    with page as materialized (
      select coalesce(t.*) as r, t.sync_xid as x, t.sync_seq as s
      from %1$s t
      where %2$s and t.sync_xid >= $1 and (t.sync_xid, t.sync_seq, %3$s) > ($1, $2, %4$s) and %5$s
      order by t.sync_xid, t.sync_seq, %3$s
      limit $4
    )
    select count(*)::integer,
      string_agg(row_to_json(r)::text, ','),
      string_agg((%8$s & 281474976710655)::text, ','),
      (select jsonb_build_array(x::text, s, jsonb_build_array(%6$s)) from page order by x desc, s desc, %7$s limit 1)
    from page $q$,
    relation, tidemark.owned_sql(declared),
    tidemark.each('t.%1$I', (declared).key),
    tidemark.each('($3 ->> %3$s)::%2$s', (declared).key, (declared).key_types),
    condition,
    tidemark.each('(r).%1$I', (declared).key),
    tidemark.each('(r).%1$I desc', (declared).key), hash)
$$;

-- Rows whose last write the cookie does not include. What claims to be written in the future was restored from a backup.
create or replace function tidemark.changed_sql() returns text
language sql immutable as $$
  select 't.sync_xid < $7 and not pg_catalog.pg_visible_in_snapshot(t.sync_xid, $6)'
$$;

-- Rows that are as they were in the snapshot $6 of the first page.
create or replace function tidemark.unwritten_sql() returns text
language sql immutable as $$
  select '(t.sync_xid < pg_catalog.pg_snapshot_xmax($6) or t.sync_xid >= $7)'
$$;

-- Rows in any of the ranges of $8, a list of { column, from, to }; the columns and values are checked by tidemark.ranges().
create or replace function tidemark.ranges_sql(relation regclass, ranges jsonb) returns text
language sql stable as $$
  select coalesce('(' || string_agg(format(
    't.%1$I between ($8 -> %2$s ->> ''from'')::%3$s and ($8 -> %2$s ->> ''to'')::%3$s',
    a.attname, place - 1, format_type(a.atttypid, -1)), ' or ') || ')', 'false')
  from jsonb_array_elements(ranges) with ordinality as one (item, place)
  join pg_attribute a on a.attrelid = relation and a.attname = item ->> 'column'
$$;

-- Checks the ranges of a request; returns them.
create or replace function tidemark.ranges(declared tidemark.tables, ranges jsonb) returns jsonb
language plpgsql stable as $$
declare
  item jsonb;
  type text;
begin
  if jsonb_typeof(ranges) <> 'array' then
    perform tidemark.malformed('ranges are a list.');
  elsif jsonb_array_length(ranges) > 1000 then
    perform tidemark.malformed('there are more than 1,000 ranges.');
  end if;
  for item in select jsonb_array_elements(ranges) loop
    select format_type(a.atttypid, -1) into type from pg_attribute a
    where a.attrelid = (declared).relation and a.attname = item ->> 'column' and a.attnum > 0 and not a.attisdropped;
    if type is null
      or not tidemark.is_value(item ->> 'from', type) or not tidemark.is_value(item ->> 'to', type) then
      perform tidemark.malformed('a range has a column of its table, and values of its type.');
    end if;
  end loop;
  return ranges;
end $$;

-- What the caller may do with a table: read it whole (true), a part of its columns (null), or nothing (false).
create or replace function tidemark.is_readable(relation regclass) returns boolean
language plpgsql stable as $$
begin
  return case
    when pg_catalog.has_table_privilege(relation, 'SELECT') then true
    when pg_catalog.has_any_column_privilege(relation, 'SELECT') then null
    else false
  end;
end $$;
