-- tidemark.install: exact mode for one table. It may be called again, and mends what has changed.

create or replace function tidemark.install(
  relation regclass, key text[] default null, owner text default null, scopes jsonb default '[]'
) returns void
language plpgsql set search_path = '' as $$
declare
  declared tidemark.tables;
  before tidemark.tables;
  scope jsonb;
begin
  declared := tidemark.declaration(relation, key, owner, scopes);
  select t.* into before from tidemark.tables t where t.relation = install.relation;
  perform tidemark.install_columns(declared, before);
  perform tidemark.install_reader(declared);
  perform tidemark.install_stamp(declared);
  perform tidemark.install_touches(declared);
  perform tidemark.remove_scopes(declared.name);
  for scope in select * from jsonb_array_elements(scopes) loop
    perform tidemark.install_scope(declared, scope);
  end loop;
  insert into tidemark.tables select (declared).*
  on conflict (name) do update set relation = excluded.relation, key = excluded.key, key_types = excluded.key_types,
    owner = excluded.owner, owner_type = excluded.owner_type, scopes = excluded.scopes, reader = excluded.reader;
  perform tidemark.grant_access();
end $$;

create or replace function tidemark.declaration(relation regclass, key text[], owner text, scopes jsonb)
returns tidemark.tables
language plpgsql stable set search_path = '' as $$
declare
  declared tidemark.tables;
begin
  declared.relation := relation;
  declared.name := (select c.relname from pg_class c where c.oid = relation);
  declared.key := coalesce(key, array(
    select a.attname from pg_index i, unnest(i.indkey) with ordinality as one (number, place)
    join pg_attribute a on a.attnum = one.number
    where i.indrelid = relation and i.indisprimary and a.attrelid = relation order by place
  ));
  declared.key_types := array(
    select tidemark.type_of(relation, name) from unnest(declared.key) with ordinality as one (name, place) order by place);
  declared.owner := owner;
  declared.owner_type := tidemark.type_of(relation, owner);
  declared.scopes := scopes;
  declared.reader := tidemark.name_of('delta', declared.name);
  if declared.key = '{}' or array_position(declared.key_types, null) is not null
    or (owner is not null and declared.owner_type is null) then
    raise exception 'The table % has no such key or owner column.', relation using hint = 'Correct its declaration.';
  elsif exists (
    select from pg_attribute a join pg_type t on t.oid = a.atttypid
    where a.attrelid = relation and a.attname = any (declared.key) and t.typcategory in ('A', 'C')
  ) then
    raise exception 'A key of % is a list or a record.', relation using hint = 'A key is made of texts, numbers, times and the like.';
  end if;
  return declared;
end $$;

create or replace function tidemark.type_of(relation regclass, col text) returns text
language sql stable set search_path = '' as $$
  select format_type(a.atttypid, -1) from pg_attribute a
  where a.attrelid = relation and a.attname = col and a.attnum > 0 and not a.attisdropped
$$;

-- Constant defaults: no row is rewritten, and rows that are there count as written long ago.
create or replace function tidemark.install_columns(declared tidemark.tables, before tidemark.tables) returns void
language plpgsql set search_path = '' as $$
declare
  relation regclass := (declared).relation;
  schema_name text := (select c.relnamespace::regnamespace::text from pg_class c where c.oid = relation);
  index_name text := tidemark.name_of('tidemark', (declared).name);
begin
  if tidemark.type_of(relation, 'sync_xid') is null then
    execute format('alter table %s add column sync_xid xid8 not null default ''0''', relation);
  end if;
  if tidemark.type_of(relation, 'sync_seq') is null then
    execute format('alter table %s add column sync_seq bigint not null default 0', relation);
  end if;
  if before.name is not null and (before.key, before.owner) is distinct from ((declared).key, (declared).owner) then
    execute format('drop index if exists %s.%I', schema_name, index_name);
  end if;
  execute format('create index if not exists %I on %s (%s sync_xid, sync_seq, %s)', index_name, relation,
    coalesce(quote_ident((declared).owner) || ',', ''), tidemark.each('%1$I', (declared).key));
end $$;

-- The statement that every pull asks stands in a function of its own, so that its plan is kept.
create or replace function tidemark.install_reader(declared tidemark.tables) returns void
language plpgsql set search_path = '' as $$
begin
  perform tidemark.make_function(
    format('%I(xid8, bigint, jsonb, integer, text, pg_catalog.pg_snapshot, xid8) returns tidemark.page language plpgsql stable',
      (declared).reader),
    format('declare result tidemark.page; begin for result in %s loop return result; end loop; end',
      tidemark.page_sql(declared, (declared).relation::text, tidemark.changed_sql(), tidemark.hash_sql(false))));
end $$;

-- Roles that may call the kit. On a plain Postgres there may be none of them.
create or replace function tidemark.grant_access() returns void
language plpgsql set search_path = '' as $$
declare
  role name;
  routine regprocedure;
begin
  revoke all on all functions in schema tidemark from public;
  revoke all on function public.tidemark_pull, public.tidemark_push, public.tidemark_digest from public;
  for role in select rolname from pg_roles where rolname in ('anon', 'authenticated', 'service_role') loop
    execute format('grant usage on schema tidemark to %I', role);
    execute format('grant select on tidemark.tables, tidemark.tombstones, tidemark.scope_events to %I', role);
    execute format('grant select, insert, update on tidemark.clients to %I', role);
    execute format('grant select, insert, delete on tidemark.refusals to %I', role);
    execute format('grant execute on function public.tidemark_pull, public.tidemark_push, public.tidemark_digest to %I', role);
    for routine in
      select p.oid::regprocedure from pg_proc p
      where p.pronamespace = 'tidemark'::regnamespace and p.prorettype <> 'trigger'::regtype
        and p.proname !~ '^(install|uninstall|remove_|prune$|always$|make_function$|moved_|grant_access|require_|declaration)'
    loop
      execute format('grant execute on function %s to %I', routine, role);
    end loop;
  end loop;
end $$;
