-- Who hears of what, and through which instance of the service.

create table if not exists app.system_pubsub_instance (
  id uuid primary key,
  started_at timestamptz not null default now(),
  seen_at timestamptz not null default now(),
  -- Every transaction before this one is delivered.
  position xid8 not null
);

create table if not exists app.system_cache_subscription (
  user_id uuid not null,
  entity_code varchar(100) not null,
  entity_id uuid not null,
  connection_id varchar(50) not null,
  subscribed_at timestamptz not null default now()
);
alter table app.system_cache_subscription add column if not exists instance_id uuid;
-- By connection, since one user has several tabs and devices.
alter table app.system_cache_subscription drop constraint if exists system_cache_subscription_pkey;
alter table app.system_cache_subscription add primary key (connection_id, entity_code, entity_id);

create index if not exists idx_system_cache_subscription_entity
  on app.system_cache_subscription (entity_code, entity_id);
create or replace function app.get_batch_subscribers(p_entity_code text, p_entity_ids uuid[])
returns table (user_id uuid, entity_id uuid, connection_id varchar, instance_id uuid)
language sql stable set search_path = '' as $$
  select s.user_id, s.entity_id, s.connection_id, s.instance_id
  from app.system_cache_subscription s
  where s.entity_code = p_entity_code and s.entity_id = any(p_entity_ids)
$$;

-- An instance says that it lives and how far it is. False: it was not known, or given up; its subscriptions are not here.
create or replace function app.pubsub_beat(instance uuid, delivered xid8) returns boolean
language sql volatile set search_path = '' as $$
  insert into app.system_pubsub_instance as i (id, position) values (instance, delivered)
  on conflict (id) do update set seen_at = now(), position = excluded.position
  returning i.started_at < i.seen_at
$$;
