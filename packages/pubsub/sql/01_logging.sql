-- The log of all changes. Whoever watches it reads by transaction, never by time or sequence: a transaction that began
-- earlier may commit later, and every cursor on a growing number would pass it by.

create schema if not exists app;

create sequence if not exists app.system_logging_seq;

create table if not exists app.system_logging (
  id uuid default gen_random_uuid() primary key,

  -- Actor (who)
  fname varchar(100),
  lname varchar(100),
  username varchar(255),
  person_type varchar(50),

  -- Target (what)
  entity_code varchar(100),
  entity_id uuid,

  -- 0 = VIEW, 1 = COMMENT, 2 = CONTRIBUTE, 3 = EDIT, 4 = SHARE, 5 = DELETE, 6 = CREATE, 7 = OWNER
  action smallint check (action between 0 and 7),

  updated timestamptz default now(),
  created_ts timestamptz default now(),

  sync_status varchar(20) default 'pending' check (sync_status in ('pending', 'sent', 'failed')),
  sync_processed_ts timestamptz
);

-- Apart from the table, so that a log that is there already gets them too.
alter table app.system_logging
  -- Drawn while the row of the entity is locked: it orders the changes of one entity, and of one alone.
  add column if not exists seq bigint not null default nextval('app.system_logging_seq'),
  -- Decides what a reader has not seen yet.
  add column if not exists xid xid8 not null default pg_current_xact_id(),
  -- Grows with every change of the entity; null where a row was written by hand.
  add column if not exists version bigint;

alter sequence app.system_logging_seq owned by app.system_logging.seq;

create index if not exists idx_logging_sync_status on app.system_logging (xid) where sync_status = 'pending';
create index if not exists idx_logging_xid on app.system_logging (xid);
create index if not exists idx_logging_entity on app.system_logging (entity_code, entity_id, xid);
create index if not exists idx_logging_lists on app.system_logging (entity_code, xid) where action in (4, 5, 6, 7);
create index if not exists idx_logging_created on app.system_logging (created_ts);

-- Tells who listens that a transaction has news: its id, and nothing of what it wrote. Postgres sends it once a
-- transaction, when it has committed.
create or replace function app.system_logging_notify() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  if exists (select from added where action <> 0) then
    perform pg_notify('tidemark_pubsub', pg_current_xact_id()::text);
  end if;
  return null;
end $$;

drop trigger if exists system_logging_notify on app.system_logging;
create trigger system_logging_notify after insert on app.system_logging
  referencing new table as added for each statement execute function app.system_logging_notify();
alter table app.system_logging enable always trigger system_logging_notify;

-- One row: which log this is, and up to which transaction rows were removed from it.
create table if not exists app.system_pubsub_state (
  singleton boolean primary key default true check (singleton),
  epoch uuid not null default gen_random_uuid(),
  pruned_through xid8 not null default '0'
);
insert into app.system_pubsub_state default values on conflict do nothing;

-- Changes when positions in the log no longer mean what they meant: another database, a restored one, a promoted replica.
create or replace function app.pubsub_epoch() returns text
language sql stable security definer set search_path = '' as $$
  select concat_ws('.', epoch, (select system_identifier from pg_control_system()),
    left(pg_walfile_name(pg_current_wal_lsn()), 8))
  from app.system_pubsub_state
$$;
