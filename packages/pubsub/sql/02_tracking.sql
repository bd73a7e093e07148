-- Any table is logged by one call: select app.track('project')

create table if not exists app.system_tracked_entity (
  entity_code varchar(100) primary key,
  relation regclass not null unique,
  id_column name not null,
  version_column name
);

-- Who writes: the claims of the token, as PostgREST and Supabase hand them over, or the database user.
create or replace function app.pubsub_actor(out fname text, out lname text, out username text, out person_type text)
language plpgsql stable set search_path = '' as $$
declare claims jsonb := nullif(current_setting('request.jwt.claims', true), '')::jsonb;
begin
  fname := left(claims #>> '{user_metadata,fname}', 100);
  lname := left(claims #>> '{user_metadata,lname}', 100);
  username := left(coalesce(claims ->> 'email', claims ->> 'sub', session_user), 255);
  person_type := left(coalesce(claims #>> '{app_metadata,person_type}',
    case when claims is null then 'system' when claims ->> 'sub' is null then 'guest' end), 50);
end $$;

-- Writes one log row for each row of `source`, a query that gives (id uuid, version bigint) and may read transition tables
-- only where it stands inside a trigger, which is why it is built there.
create or replace function app.pubsub_insert_sql(source text, action integer) returns text
language sql immutable set search_path = '' as $$
  select format(
    'insert into app.system_logging (fname, lname, username, person_type, entity_code, entity_id, action, seq, version) '
    'select a.fname, a.lname, a.username, a.person_type, $1, c.id, %s, c.seq, coalesce(c.version, c.seq) '
    'from (select s.id, s.version, nextval(''app.system_logging_seq'') as seq from (%s) s where s.id is not null) c, '
    'app.pubsub_actor() a', action, source)
$$;

-- Arguments: entity code, id column, version column or ''.
create or replace function app.log_change() returns trigger
language plpgsql security definer set search_path = '' as $$
declare
  code text := tg_argv[0];
  id text := quote_ident(tg_argv[1]);
  version text := case when tg_argv[2] = '' then 'null::bigint' else quote_ident(tg_argv[2]) || '::bigint' end;
  -- A client drops what is not newer than what it has, so a delete has to be newer than the last update.
  gone text := case when tg_argv[2] = '' then 'null::bigint' else quote_ident(tg_argv[2]) || '::bigint + 1' end;
begin
  if tg_op = 'INSERT' then
    execute app.pubsub_insert_sql(format('select %s as id, %s as version from new_rows', id, version), 6) using code;
  elsif tg_op = 'DELETE' then
    execute app.pubsub_insert_sql(format('select %s as id, %s as version from old_rows', id, gone), 5) using code;
  elsif tg_op = 'UPDATE' then
    execute app.pubsub_insert_sql(format('select n.%1$s as id, %2$s as version from new_rows n '
      'where exists (select from old_rows o where o.%1$s = n.%1$s)', id, version), 3) using code;
    -- A key that was changed is one row that goes and another that comes.
    execute app.pubsub_insert_sql(format('select o.%1$s as id, %2$s as version from old_rows o '
      'where not exists (select from new_rows n where n.%1$s = o.%1$s)', id, gone), 5) using code;
    execute app.pubsub_insert_sql(format('select n.%1$s as id, %2$s as version from new_rows n '
      'where not exists (select from old_rows o where o.%1$s = n.%1$s)', id, version), 6) using code;
  else -- TRUNCATE, before the rows are gone
    execute app.pubsub_insert_sql(format('select %s as id, %s as version from %I.%I', id, gone,
      tg_table_schema, tg_table_name), 5) using code;
  end if;
  return null;
end $$;

-- Argument: the version column, which grows by one with every update, whatever the update says.
create or replace function app.bump_version() returns trigger
language plpgsql set search_path = '' as $$
begin
  return jsonb_populate_record(new, jsonb_build_object(tg_argv[0], (to_jsonb(old) ->> tg_argv[0])::bigint + 1));
end $$;

create or replace function app.pubsub_relation(name text) returns regclass
language plpgsql stable as $$
declare relation regclass := coalesce(to_regclass(name), to_regclass('app.' || name));
begin
  if relation is null then
    raise exception 'There is no table %.', name using errcode = 'undefined_table', hint = 'Name it with its schema.';
  end if;
  return relation;
end $$;

create or replace function app.pubsub_require_column(relation regclass, wanted name, types regtype[]) returns void
language plpgsql stable set search_path = '' as $$
begin
  if not exists (select from pg_catalog.pg_attribute
                 where attrelid = relation and attname = wanted and atttypid = any(types) and not attisdropped) then
    raise exception '% has no column % of type %.', relation, wanted, types using errcode = 'undefined_column',
      hint = 'Name the column in app.track(table, entity_code, id_column, version_column).';
  end if;
end $$;

create or replace function app.untrack(table_name text) returns void
language plpgsql as $$
declare
  target regclass := app.pubsub_relation(table_name);
  trigger_name text;
begin
  foreach trigger_name in array array['pubsub_insert', 'pubsub_update', 'pubsub_delete', 'pubsub_truncate', 'pubsub_version']
  loop
    execute format('drop trigger if exists %I on %s', trigger_name, target);
  end loop;
  delete from app.system_tracked_entity where relation = target;
end $$;

-- Logs every change of a table from now on. Repeating it changes how the table is tracked.
--   entity_code     what clients call it; the table's name where left out
--   id_column       a uuid
--   version_column  an integer that then grows with every update; left out, versions are drawn from the log
create or replace function app.track(
  table_name text, entity_code text default null, id_column name default 'id', version_column name default null
) returns void
language plpgsql as $$
declare
  target regclass := app.pubsub_relation(table_name);
  code text := coalesce(entity_code, (select relname from pg_catalog.pg_class where oid = target));
  arguments text := format('(%L, %L, %L)', code, id_column, coalesce(version_column, ''));
  log text := ' for each statement execute function app.log_change' || arguments;
  trigger_name text;
begin
  perform app.pubsub_require_column(target, id_column, array['uuid'::regtype]);
  perform app.untrack(table_name);
  insert into app.system_tracked_entity values (code, target, id_column, version_column);
  execute format('create trigger pubsub_insert after insert on %s referencing new table as new_rows', target) || log;
  execute format('create trigger pubsub_update after update on %s '
    'referencing old table as old_rows new table as new_rows', target) || log;
  execute format('create trigger pubsub_delete after delete on %s referencing old table as old_rows', target) || log;
  execute format('create trigger pubsub_truncate before truncate on %s', target) || log;
  if version_column is not null then
    perform app.pubsub_require_column(target, version_column, array['int4'::regtype, 'int8'::regtype]);
    execute format('create trigger pubsub_version before update on %s for each row execute function app.bump_version(%L)',
      target, version_column);
  end if;
  foreach trigger_name in array array['pubsub_insert', 'pubsub_update', 'pubsub_delete', 'pubsub_truncate'] loop
    execute format('alter table %s enable always trigger %I', target, trigger_name);
  end loop;
end $$;
