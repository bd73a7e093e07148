-- Who calls, and in which history.

-- The id of whoever is signed in; null for nobody.
create or replace function tidemark.caller() returns text
language sql stable parallel safe as $$
  select nullif(nullif(pg_catalog.current_setting('request.jwt.claims', true), '')::pg_catalog.jsonb ->> 'sub', '')
$$;

-- Ends the call with an error of the protocol.
create or replace function tidemark.fail(code text, message text, hint text) returns void
language plpgsql as $$
begin
  raise exception using errcode = fail.code, message = fail.message, hint = fail.hint;
end $$;

create or replace function tidemark.malformed(what text) returns void
language plpgsql as $$
begin
  perform tidemark.fail('TM002', 'The request is malformed: ' || what, 'Update the client; PROTOCOL.md says what is expected.');
end $$;

-- True when a text is a value of a type that has an order.
create or replace function tidemark.is_value(value text, type text) returns boolean
language plpgsql stable as $$
declare
  result boolean;
begin
  if type = 'uuid' then
    return value ~* '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$';
  end if;
  execute format('select $1::%1$s <= $1::%1$s', type) into result using value;
  return result is not null;
exception when data_exception or undefined_function or check_violation then
  return false;
end $$;

-- The caller, where that can be a value of an owner column.
create or replace function tidemark.caller_as(type text) returns text
language plpgsql stable as $$
declare
  me text := tidemark.caller();
begin
  return case when me is not null and tidemark.is_value(me, type) then me end;
end $$;

-- One text that stands for this history of this database. It is another one after a restore, a copy or a promotion.
-- (PL/pgSQL keeps the plans of its statements, which SQL functions do not: what every pull calls is written in it.)
create or replace function tidemark.epoch() returns text
language plpgsql stable security definer set search_path = '' as $$
begin
  return (select e.id || '.' || left(encode(sha256(convert_to(concat_ws('/',
    (select system_identifier from pg_control_system()),
    case when pg_is_in_recovery() then (select timeline_id from pg_control_checkpoint())
      else ('x' || left(pg_walfile_name(pg_current_wal_lsn()), 8))::bit(32)::integer end,
    (select oid from pg_database where datname = current_database()),
    e.tableoid, e.xmin
  ), 'UTF8')), 'hex'), 16)
  from tidemark.epoch e);
end $$;

-- The transaction up to which touches and scope events may be gone.
create or replace function tidemark.pruned() returns xid8
language plpgsql stable security definer set search_path = '' as $$
begin
  return (select pruned from tidemark.horizon);
end $$;

drop policy if exists own on tidemark.tombstones;
drop policy if exists own on tidemark.scope_events;
drop policy if exists own on tidemark.clients;
drop policy if exists own on tidemark.refusals;
create policy own on tidemark.tombstones for select
  using (owner = (select tidemark.caller()) or owner = '' and (select tidemark.caller()) is not null);
create policy own on tidemark.scope_events for select
  using (owner = (select tidemark.caller()) or owner = '' and (select tidemark.caller()) is not null);
create policy own on tidemark.clients using (owner = (select tidemark.caller()));
create policy own on tidemark.refusals using (owner = (select tidemark.caller()));
