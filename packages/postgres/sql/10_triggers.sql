-- What is written beside every write. These functions run with the rights of their owner, whoever writes.

create or replace function tidemark.stamp() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  new.sync_xid := pg_current_xact_id();
  new.sync_seq := nextval('tidemark.seq'::regclass);
  return new;
end $$;

-- A name for what belongs to a table, within the 63 bytes a name may have.
create or replace function tidemark.name_of(kind text, subject text) returns text
language sql immutable set search_path = '' as $$
  select case when octet_length(kind || '_' || subject) <= 63 then kind || '_' || subject else kind || '_' || md5(subject) end
$$;

-- Makes a trigger that fires for every writer, replication included.
create or replace function tidemark.always(relation regclass, name text, definition text) returns void
language plpgsql set search_path = '' as $$
begin
  execute format('create or replace trigger %I %s', name, format(definition, relation));
  execute format('alter table %s enable always trigger %I', relation, name);
end $$;

-- Who is told of a row: its owner (nobody, where it has none), or everyone where the table has no owner.
create or replace function tidemark.told_sql(owner text) returns text
language sql immutable set search_path = '' as $$
  select case when owner is null then '''''' else format('coalesce(t.%I::text, %L)', owner, '-') end
$$;

-- Touches of a table: deleted rows, old keys, old owners.
create or replace function tidemark.install_touches(declared tidemark.tables) returns void
language plpgsql set search_path = '' as $outer$
declare
  name text := (declared).name;
  relation regclass := (declared).relation;
  touched text := tidemark.name_of('touched', name);
  watched text[] := (declared).key || array_remove(array[(declared).owner], null);
begin
  execute format($q$
    create or replace function tidemark.%1$I() returns trigger
    language plpgsql security definer
    set search_path = '' set timezone = 'UTC' set datestyle = 'ISO, YMD' set bytea_output = 'hex' set extra_float_digits = 1
    as $body$
    begin
      if tg_op = 'DELETE' then
        insert into tidemark.tombstones (name, owner, key) select %2$L, %3$s, %4$s from gone t;
      elsif tg_op = 'UPDATE' then
        insert into tidemark.tombstones (name, owner, key) select %2$L, %3$s, %4$s from (select old.*) t;
      else
        insert into tidemark.tombstones (name, owner, key) select %2$L, %3$s, %4$s from %5$s t;
      end if;
      return null;
    end $body$ $q$,
    touched, name,
    tidemark.told_sql((declared).owner),
    format('jsonb_build_array(%s)', tidemark.each('t.%1$I', (declared).key)),
    relation);
  perform tidemark.always(relation, 'tidemark_deleted', format(
    'after delete on %%s referencing old table as gone for each statement execute function tidemark.%I()', touched));
  perform tidemark.always(relation, 'tidemark_moved', format(
    'after update on %%s for each row when ((%s) is distinct from (%s)) execute function tidemark.%I()',
    tidemark.each('old.%1$I', watched), tidemark.each('new.%1$I', watched), touched));
  perform tidemark.always(relation, 'tidemark_truncated', format(
    'before truncate on %%s for each statement execute function tidemark.%I()', touched));
end $outer$;

-- Events of a scope: `col` of the member table holds what `target` of the declared table holds.
create or replace function tidemark.install_scope(declared tidemark.tables, scope jsonb) returns void
language plpgsql set search_path = '' as $outer$
declare
  members regclass := (scope ->> 'table')::regclass;
  target text := coalesce(scope ->> 'on', (declared).key[1]);
  event text := tidemark.name_of('scope', concat_ws('.', (declared).name, target, members, scope ->> 'column'));
  trigger_name text := 'tidemark_' || left(md5(event), 12);
begin
  perform tidemark.require_same_type((declared).relation, target, members, scope ->> 'column');
  execute format($q$
    create or replace function tidemark.%1$I() returns trigger
    language plpgsql security definer
    set search_path = '' set timezone = 'UTC' set datestyle = 'ISO, YMD' set bytea_output = 'hex' set extra_float_digits = 1
    as $body$
    begin
      if tg_op in ('UPDATE', 'DELETE') then
        insert into tidemark.scope_events (name, col, value, owner)
        select distinct %2$L, %3$L, to_jsonb(t.%4$I), %5$s from before t where t.%4$I is not null;
      end if;
      if tg_op in ('INSERT', 'UPDATE') then
        insert into tidemark.scope_events (name, col, value, owner)
        select distinct %2$L, %3$L, to_jsonb(t.%4$I), %5$s from after t where t.%4$I is not null;
      end if;
      if tg_op = 'TRUNCATE' then
        insert into tidemark.scope_events (name, col, value, owner)
        select distinct %2$L, %3$L, to_jsonb(t.%4$I), %5$s from %6$s t where t.%4$I is not null;
      end if;
      return null;
    end $body$ $q$,
    event, (declared).name, target, scope ->> 'column',
    tidemark.told_sql(scope ->> 'owner'),
    members);
  execute format('comment on function tidemark.%I() is %L', event, 'scope of ' || (declared).name);
  perform tidemark.always(members, trigger_name || '_i', format(
    'after insert on %%s referencing new table as after for each statement execute function tidemark.%I()', event));
  perform tidemark.always(members, trigger_name || '_u', format(
    'after update on %%s referencing old table as before new table as after for each statement execute function tidemark.%I()',
    event));
  perform tidemark.always(members, trigger_name || '_d', format(
    'after delete on %%s referencing old table as before for each statement execute function tidemark.%I()', event));
  perform tidemark.always(members, trigger_name || '_t', format(
    'before truncate on %%s for each statement execute function tidemark.%I()', event));
end $outer$;

create or replace function tidemark.require_same_type(one regclass, one_column text, other regclass, other_column text) returns void
language plpgsql stable set search_path = '' as $$
begin
  if not exists (
    select from pg_attribute a join pg_attribute b on b.atttypid = a.atttypid
    where a.attrelid = one and a.attname = one_column and b.attrelid = other and b.attname = other_column
  ) then
    raise exception 'A scope''s columns %.% and %.% are not there, or not of one type.', one, one_column, other, other_column
      using hint = 'Correct the declaration of the scope.';
  end if;
end $$;
