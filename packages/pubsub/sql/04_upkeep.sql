-- What any instance does from time to time; two at once take turns.

-- Removes instances that were not seen for `dead`, and their subscriptions; marks what all living ones have delivered;
-- removes what is older than `retention`. Gives how many rows it marked and removed: 10,000 of each at most, so that it
-- never takes long; whoever calls it calls again.
create or replace function app.pubsub_sweep(dead interval, retention interval, out marked bigint, out removed bigint)
language plpgsql set search_path = '' as $$
declare delivered xid8;
begin
  marked := 0;
  removed := 0;
  if not pg_try_advisory_xact_lock(hashtext('tidemark_pubsub_sweep')) then return; end if;

  delete from app.system_pubsub_instance where seen_at < now() - dead;
  delete from app.system_cache_subscription s
  where not exists (select from app.system_pubsub_instance i where i.id = s.instance_id);

  select min(position) into delivered from app.system_pubsub_instance;
  update app.system_logging
  set sync_processed_ts = now(),
    sync_status = case when action <> 0 and (entity_code is null or entity_id is null) then 'failed' else 'sent' end
  where id in (
    select l.id from app.system_logging l where l.sync_status = 'pending' and l.xid < delivered order by l.xid limit 10000
  );
  get diagnostics marked = row_count;

  removed := app.prune_system_logging(retention);
end $$;

-- Removes rows that were delivered and are older than `retention`. Whoever resumes from before the last of them is told to fetch again.
create or replace function app.prune_system_logging(retention interval) returns bigint
language plpgsql set search_path = '' as $$
declare
  removed bigint;
  last_xid xid8;
begin
  with gone as (
    delete from app.system_logging where id in (
      select l.id from app.system_logging l
      where l.created_ts < now() - retention and l.sync_status <> 'pending' order by l.created_ts limit 10000
    ) returning xid
  )
  select count(*), max(xid) into removed, last_xid from gone;
  if removed > 0 then
    update app.system_pubsub_state set pruned_through = last_xid where pruned_through < last_xid;
  end if;
  return removed;
end $$;
