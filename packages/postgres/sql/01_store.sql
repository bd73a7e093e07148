-- What the kit keeps for itself. Callers reach it only through the functions of this kit; their rows are told apart by policies.

create schema if not exists tidemark;
revoke all on schema tidemark from public;

-- One sequence for all rows: which of two versions of a row is newer.
create sequence if not exists tidemark.seq;

-- This history of this database. See tidemark.epoch().
create table if not exists tidemark.epoch (
  one boolean primary key default true check (one),
  id uuid not null default gen_random_uuid()
);
insert into tidemark.epoch default values on conflict do nothing;

-- Touches and scope events up to this transaction may be gone. Apart from the epoch, whose row is never written again.
create table if not exists tidemark.horizon (
  one boolean primary key default true check (one),
  pruned xid8 not null default '0'
);
insert into tidemark.horizon default values on conflict do nothing;

-- The tables in exact mode.
create table if not exists tidemark.tables (
  name text primary key,
  relation regclass not null unique,
  key text[] not null,
  key_types text[] not null,
  owner text,
  owner_type text,
  scopes jsonb not null default '[]',
  -- The function in this schema that reads what has changed.
  reader text not null
);

-- Touches: keys of rows that were deleted, or whose key or owner was changed. Owner '' is everyone who is signed in.
create table if not exists tidemark.tombstones (
  id bigint generated always as identity primary key,
  name text not null,
  owner text not null default '',
  key jsonb not null,
  xid xid8 not null default pg_current_xact_id(),
  at timestamptz not null default clock_timestamp()
);
create index if not exists tombstones_pull on tidemark.tombstones (owner, xid);
create index if not exists tombstones_prune on tidemark.tombstones (at);

-- Values of a scope whose members may see other rows now.
create table if not exists tidemark.scope_events (
  id bigint generated always as identity primary key,
  name text not null,
  col text not null,
  value jsonb not null,
  owner text not null default '',
  xid xid8 not null default pg_current_xact_id(),
  at timestamptz not null default clock_timestamp()
);
create index if not exists scope_events_pull on tidemark.scope_events (owner, xid);
create index if not exists scope_events_prune on tidemark.scope_events (at);

-- How far each client's mutations have come.
create table if not exists tidemark.clients (
  id uuid primary key,
  owner text not null,
  last bigint not null default 0,
  at timestamptz not null default clock_timestamp()
);

-- Mutations that were refused, until the client shows that it knows.
create table if not exists tidemark.refusals (
  client uuid not null references tidemark.clients on delete cascade,
  id bigint not null,
  owner text not null,
  error jsonb not null,
  primary key (client, id)
);

alter table tidemark.epoch enable row level security;
alter table tidemark.horizon enable row level security;
alter table tidemark.tombstones enable row level security;
alter table tidemark.scope_events enable row level security;
alter table tidemark.clients enable row level security;
alter table tidemark.refusals enable row level security;
