-- What is written beside every write. These functions run with the rights of their owner, whoever writes.

-- A name for what belongs to a table, within the 63 bytes a name may have.
create or replace function tidemark.name_of(kind text, subject text) returns text
language sql immutable set search_path = '' as $$
  select case when octet_length(kind || '_' || subject) <= 63 then kind || '_' || subject else kind || '_' || md5(subject) end
$$;

-- A function with a body that was put together of names that may hold anything.
create or replace function tidemark.make_function(signature text, body text) returns void
language plpgsql set search_path = '' as $$
begin
  execute format('create or replace function tidemark.%s as %L', signature, body);
end $$;

-- Makes a trigger that fires for every writer, replication included.
create or replace function tidemark.always(relation regclass, name text, event text, what text, routine text) returns void
language plpgsql set search_path = '' as $$
begin
  execute format('create or replace trigger %I %s on %s %s execute function tidemark.%I()', name, event, relation, what, routine);
  execute format('alter table %s enable always trigger %I', relation, name);
end $$;

-- Who is told of a row: its owner (nobody, where it has none), or everyone where the table has no owner.
create or replace function tidemark.told_sql(owner text) returns text
language sql immutable set search_path = '' as $$
  select case when owner is null then '''''' else format('coalesce(t.%I::text, %L)', owner, '-') end
$$;

-- The JSON of a value is the same whatever the session of the writer has set.
create or replace function tidemark.settings_sql() returns text
language sql immutable set search_path = '' as $$
  select $q$set search_path = '' set timezone = 'UTC' set datestyle = 'ISO, YMD' set bytea_output = 'hex' set extra_float_digits = 1$q$
$$;

-- The statement that writes touches of rows `t` of a source.
create or replace function tidemark.touch_sql(declared tidemark.tables, source text) returns text
language sql stable set search_path = '' as $$
  select format('insert into tidemark.tombstones (name, owner, key) select %L, %s, jsonb_build_array(%s) from %s t',
    (declared).name, tidemark.told_sql((declared).owner), tidemark.each('t.%1$I', (declared).key), source)
$$;

-- Touches of deleted rows, one statement for all of them.
create or replace function tidemark.install_touches(declared tidemark.tables) returns void
language plpgsql set search_path = '' as $$
declare
  relation regclass := (declared).relation;
  touched text := tidemark.name_of('touched', (declared).name);
begin
  perform tidemark.make_function(
    format('%I() returns trigger language plpgsql security definer %s', touched, tidemark.settings_sql()),
    format('begin if tg_op = ''DELETE'' then %s; else %s; end if; return null; end',
      tidemark.touch_sql(declared, 'gone'), tidemark.touch_sql(declared, relation::text)));
  perform tidemark.always(relation, 'tidemark_deleted', 'after delete', 'referencing old table as gone for each statement', touched);
  perform tidemark.always(relation, 'tidemark_truncated', 'before truncate', 'for each statement', touched);
end $$;

-- Whether a column is the same in `old` and `new`, with an operator that no search path can replace.
create or replace function tidemark.unchanged_sql(relation regclass, col text) returns text
language sql stable set search_path = '' as $$
  select format('coalesce(old.%1$I operator(%2$I.=) new.%1$I, old.%1$I is null and new.%1$I is null)', col,
    coalesce((
      select o.oprnamespace::regnamespace::text from pg_operator o join pg_attribute a on a.attrelid = relation and a.attname = col
      where o.oprname = '=' and o.oprleft = a.atttypid and o.oprright = a.atttypid limit 1
    ), 'pg_catalog'))
$$;

-- The stamp, and the touches of old keys and old owners. These are looked for here, where a function runs for each row anyway: a
-- trigger of their own with a WHEN clause would cost every statement 20 µs, which is more than the whole stamp costs. For the same
-- reason the search path is not set: every name and operator of the function says its schema instead.
create or replace function tidemark.install_stamp(declared tidemark.tables) returns void
language plpgsql set search_path = '' as $$
declare
  moved text := tidemark.name_of('moved', (declared).name);
  stamped text := tidemark.name_of('stamped', (declared).name);
  watched text[] := array(select distinct unnest((declared).key || (declared).owner) except select null);
begin
  perform tidemark.make_function(
    format('%I(%s) returns void language plpgsql %s', moved,
      (select string_agg(tidemark.type_of((declared).relation, name), ', ' order by place)
        from unnest(watched) with ordinality as one (name, place)),
      tidemark.settings_sql()),
    format('begin %s; end', tidemark.touch_sql(declared, format('(select %s)', tidemark.each('$%4$s as %1$I', watched)))));
  perform tidemark.make_function(
    format('%I() returns trigger language plpgsql security definer', stamped),
    format($q$
    begin
      if tg_op operator(pg_catalog.=) 'UPDATE' and not (%s) then
        perform tidemark.%I(%s);
      end if;
      new.sync_xid := pg_catalog.pg_current_xact_id();
      new.sync_seq := pg_catalog.nextval('tidemark.seq'::pg_catalog.regclass);
      return new;
    end $q$,
    (select string_agg(tidemark.unchanged_sql((declared).relation, name), ' and ') from unnest(watched) as one (name)), moved,
    tidemark.each('old.%1$I', watched)));
  perform tidemark.always((declared).relation, 'zz_tidemark_stamp', 'before insert or update', 'for each row', stamped);
end $$;

-- Events of a scope: `col` of the member table holds what `target` of the declared table holds.
create or replace function tidemark.install_scope(declared tidemark.tables, scope jsonb) returns void
language plpgsql set search_path = '' as $$
declare
  members regclass := (scope ->> 'table')::regclass;
  target text := coalesce(scope ->> 'on', (declared).key[1]);
  event text := tidemark.name_of('scope', concat_ws('.', (declared).name, target, members, scope ->> 'column'));
  trigger_name text := 'tidemark_' || left(md5(event), 12);
begin
  perform tidemark.require_same_type((declared).relation, target, members, scope ->> 'column');
  perform tidemark.make_function(
    format('%I() returns trigger language plpgsql security definer %s', event, tidemark.settings_sql()),
    format($q$
    begin
      if tg_op in ('UPDATE', 'DELETE') then
        %1$s from before %2$s;
      end if;
      if tg_op in ('INSERT', 'UPDATE') then
        %1$s from after %2$s;
      end if;
      if tg_op = 'TRUNCATE' then
        %1$s from %3$s %2$s;
      end if;
      return null;
    end $q$,
    format('insert into tidemark.scope_events (name, col, value, owner) select distinct %L, %L, to_jsonb(t.%I), %s',
      (declared).name, target, scope ->> 'column', tidemark.told_sql(scope ->> 'owner')),
    format('t where t.%I is not null', scope ->> 'column'), members));
  execute format('comment on function tidemark.%I() is %L', event, 'scope of ' || (declared).name);
  perform tidemark.always(members, trigger_name || '_i', 'after insert', 'referencing new table as after for each statement', event);
  perform tidemark.always(members, trigger_name || '_u', 'after update',
    'referencing old table as before new table as after for each statement', event);
  perform tidemark.always(members, trigger_name || '_d', 'after delete', 'referencing old table as before for each statement', event);
  perform tidemark.always(members, trigger_name || '_t', 'before truncate', 'for each statement', event);
end $$;

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
