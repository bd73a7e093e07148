import type { Client, Pool } from 'pg'
import type { BootstrapStep } from '../postgres/bootstrapSteps.js'

/** The channel of NOTIFY: an empty payload tells of changes, `structure` of a change of tables or rights. */
export const notifications = 'tidemark_realtime'

/**
 * Change capture by row triggers on the members of the publication `supabase_realtime`: they work on every Postgres, without
 * logical decoding. A trigger only notes the change and notifies; who may see it is decided when it is delivered. The empty
 * payload makes the notifications of one transaction one.
 */
export const captureSchema: BootstrapStep = {
  makes: 'the tables and functions that capture changes',
  sql: `
create schema if not exists realtime;
create table if not exists realtime._changes (
  seq bigserial primary key,
  xid xid8 not null default pg_current_xact_id(),
  schema_name text not null,
  table_name text not null,
  op text not null,
  rec jsonb,
  old jsonb,
  at timestamptz not null default clock_timestamp()
);
create index if not exists _changes_xid on realtime._changes (xid);
create or replace function realtime._capture() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp set timezone = 'UTC' as $$
begin
  insert into realtime._changes (schema_name, table_name, op, rec, old)
  values (tg_table_schema, tg_table_name, tg_op,
    case when tg_op <> 'DELETE' then to_jsonb(new) end,
    case when tg_op <> 'INSERT' then to_jsonb(old) end);
  perform pg_notify('${notifications}', '');
  return null;
end $$;
create or replace function realtime._sync_triggers() returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare target record;
begin
  for target in
    select c.oid::regclass as name, m.tablename is not null as wanted
    from pg_class c
    join pg_namespace n on n.oid = c.relnamespace
    left join pg_publication_tables m
      on m.pubname = 'supabase_realtime' and m.schemaname = n.nspname and m.tablename = c.relname
      and n.nspname not in ('auth', 'realtime', 'tidemark_dev')
    left join pg_trigger t on t.tgrelid = c.oid and t.tgname = '_tidemark_realtime' and t.tgparentid = 0
    where c.relkind in ('r', 'p') and (m.tablename is not null) <> (t.oid is not null)
  loop
    begin
      if target.wanted then
        execute format('create trigger _tidemark_realtime after insert or update or delete on %s
          for each row execute function realtime._capture()', target.name);
      else
        execute format('drop trigger _tidemark_realtime on %s', target.name);
      end if;
    exception when insufficient_privilege or duplicate_object then
      raise warning 'changes of % are not told: %', target.name, sqlerrm;
    end;
  end loop;
end $$;
do $install$ begin
  if not exists (select from pg_trigger where tgrelid = 'realtime.messages'::regclass and tgname = '_tidemark_broadcast') then
    create trigger _tidemark_broadcast after insert on realtime.messages
      for each row execute function realtime._capture();
  end if;
exception when insufficient_privilege then
  raise warning 'broadcasts of the database are not told: %', sqlerrm;
end $install$;
revoke execute on function realtime._capture(), realtime._sync_triggers() from public;
`,
}

/** Follows the publication, and tells of changes of structure. Only a superuser may have event triggers. */
const watchSchema = `
do $install$ begin
  create or replace function realtime._on_ddl() returns event_trigger
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $body$
  begin
    if tg_tag like '%PUBLICATION' or (tg_tag like '%TABLE%' and (
      exists (select from pg_publication where pubname = 'supabase_realtime' and puballtables)
      or exists (select from pg_publication_namespace))) then
      perform realtime._sync_triggers();
    end if;
    perform pg_notify('${notifications}', 'structure');
  end $body$;
  if not exists (select from pg_event_trigger where evtname = 'tidemark_realtime') then
    create event trigger tidemark_realtime on ddl_command_end execute function realtime._on_ddl();
  end if;
exception when insufficient_privilege then
  raise notice 'event triggers need a superuser';
end $install$`

const attach = 'select realtime._sync_triggers()'

/** What a server that has gone left behind, or a backup of another cluster brought along. */
const sweep = `
delete from realtime._changes
where at < now() - interval '5 minutes' and xid < pg_snapshot_xmin(pg_current_snapshot())
  or xid >= pg_snapshot_xmax(pg_current_snapshot())`

/** Attaches the triggers that are missing, and those that will follow the publication. Idempotent. */
export async function attachCapture(client: Client): Promise<void> {
  // One way to the database, which makes it one transaction. Two servers on one database take turns.
  await client.query(
    `select pg_advisory_xact_lock(hashtext('tidemark_realtime')); ${watchSchema}; ${attach}; ${sweep}`,
  )
}

/** Whether the database follows its publication by itself; else `syncTriggers` must be called. */
export async function followsPublication(pool: Pool): Promise<boolean> {
  const { rowCount } = await pool.query("select from pg_event_trigger where evtname = 'tidemark_realtime'")
  return rowCount === 1
}

/** Attaches triggers to new members of the publication, and takes them from former ones. */
export const syncTriggers = async (pool: Pool): Promise<void> => {
  await pool.query(attach)
}
