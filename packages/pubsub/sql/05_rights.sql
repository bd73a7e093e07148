-- The service signs in as tidemark_pubsub (or a member of it) and may do this and no more:
--   alter role tidemark_pubsub login password '…';
-- It takes the role of a user (authenticated) to ask what that user may see.

do $$ begin
  if not exists (select from pg_roles where rolname = 'tidemark_pubsub') then
    create role tidemark_pubsub nologin noinherit;
  end if;
  if exists (select from pg_roles where rolname = 'authenticated')
    and not pg_has_role('tidemark_pubsub', 'authenticated', 'member') then
    grant authenticated to tidemark_pubsub;
  end if;
exception when duplicate_object then null;
end $$;

revoke all on app.system_logging, app.system_cache_subscription, app.system_pubsub_instance, app.system_pubsub_state,
  app.system_tracked_entity from public;
revoke all on sequence app.system_logging_seq from public;
revoke all on function app.system_logging_notify(), app.pubsub_epoch(), app.pubsub_actor(), app.log_change(),
  app.pubsub_insert_sql(text, integer), app.bump_version(), app.pubsub_relation(text),
  app.pubsub_require_column(regclass, name, regtype[]), app.untrack(text), app.track(text, text, name, name),
  app.get_batch_subscribers(text, uuid[]), app.pubsub_beat(uuid, xid8), app.pubsub_sweep(interval, interval),
  app.prune_system_logging(interval) from public;

-- Row level security without a policy: where an API exposes the schema, nobody reads the log through it.
alter table app.system_logging enable row level security;
alter table app.system_cache_subscription enable row level security;
alter table app.system_pubsub_instance enable row level security;
alter table app.system_pubsub_state enable row level security;
alter table app.system_tracked_entity enable row level security;

do $$
declare relation text;
begin
  foreach relation in array array['system_logging', 'system_cache_subscription', 'system_pubsub_instance',
    'system_pubsub_state', 'system_tracked_entity'] loop
    execute format('drop policy if exists tidemark_pubsub on app.%I', relation);
    execute format('create policy tidemark_pubsub on app.%I to tidemark_pubsub using (true) with check (true)', relation);
  end loop;
end $$;

grant usage on schema app to tidemark_pubsub;
grant select, update (sync_status, sync_processed_ts), delete on app.system_logging to tidemark_pubsub;
grant select, insert, update, delete on app.system_cache_subscription, app.system_pubsub_instance to tidemark_pubsub;
grant select, update on app.system_pubsub_state to tidemark_pubsub;
grant select on app.system_tracked_entity to tidemark_pubsub;
grant execute on function app.pubsub_epoch(), app.get_batch_subscribers(text, uuid[]), app.pubsub_beat(uuid, xid8),
  app.pubsub_sweep(interval, interval), app.prune_system_logging(interval) to tidemark_pubsub;
