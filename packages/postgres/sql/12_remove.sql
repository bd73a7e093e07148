-- Taking things away: a table's exact mode, and touches that nobody needs any more.

-- Takes exact mode from a table, named as it was installed. Its columns go too.
create or replace function tidemark.uninstall(table_name text) returns void
language plpgsql set search_path = '' as $$
declare
  declared tidemark.tables;
  column_name text;
begin
  select t.* into declared from tidemark.tables t where t.name = table_name or t.relation = to_regclass(table_name);
  if declared.name is null then
    return;
  end if;
  perform tidemark.remove_scopes(declared.name);
  execute format('drop function if exists tidemark.%I', declared.reader);
  if exists (select from pg_class where oid = declared.relation) then
    execute format('drop trigger if exists zz_tidemark_stamp on %s', declared.relation);
    execute format('drop trigger if exists tidemark_deleted on %s', declared.relation);
    execute format('drop trigger if exists tidemark_truncated on %s', declared.relation);
    execute format('alter table %s drop column if exists sync_xid, drop column if exists sync_seq', declared.relation);
  end if;
  perform tidemark.remove_function(tidemark.name_of(kind, declared.name)) from unnest('{stamped,touched,moved}'::text[]) as one (kind);
  delete from tidemark.tombstones where name = declared.name;
  delete from tidemark.scope_events where name = declared.name;
  delete from tidemark.tables where name = declared.name;
end $$;

create or replace function tidemark.remove_function(name text) returns void
language plpgsql set search_path = '' as $$
declare
  routine regprocedure;
begin
  for routine in select p.oid from pg_proc p where p.pronamespace = 'tidemark'::regnamespace and p.proname = name loop
    execute format('drop function %s cascade', routine);
  end loop;
end $$;

-- Takes the triggers of a table's scopes away, wherever they are.
create or replace function tidemark.remove_scopes(table_name text) returns void
language plpgsql set search_path = '' as $$
declare
  routine regprocedure;
begin
  for routine in
    select p.oid::regprocedure from pg_proc p
    where p.pronamespace = 'tidemark'::regnamespace and p.prorettype = 'trigger'::regtype
      and obj_description(p.oid, 'pg_proc') = 'scope of ' || table_name
  loop
    execute format('drop function %s cascade', routine);
  end loop;
end $$;

-- Forgets touches and scope events older than `keep`. A client that was away longer is told, and compares.
-- Clients that have not pushed for `clients` are forgotten as well.
create or replace function tidemark.prune(keep interval default '30 days', clients interval default '400 days') returns bigint
language plpgsql set search_path = '' as $$
declare
  before timestamptz := clock_timestamp() - keep;
  latest xid8;
  n bigint;
begin
  with touches as (
    delete from tidemark.tombstones where at < before returning xid
  ), events as (
    delete from tidemark.scope_events where at < before returning xid
  )
  select max(xid), count(*) into latest, n from (select xid from touches union all select xid from events) removed;
  update tidemark.horizon set pruned = latest where latest > pruned;
  delete from tidemark.clients where at < clock_timestamp() - prune.clients;
  return n;
end $$;
