import type { Pool } from 'pg'

/**
 * Change capture by row triggers on the members of the publication `supabase_realtime`: they work on every Postgres, without
 * logical decoding. A trigger only notes the change and notifies; who may see it is decided when it is delivered.
 */
export const captureSchema = `
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
create or replace function realtime._capture() returns trigger
language plpgsql security definer set search_path = pg_catalog as $$
begin
  insert into realtime._changes (schema_name, table_name, op, rec, old)
  values (tg_table_schema, tg_table_name, tg_op,
    case when tg_op <> 'DELETE' then pg_catalog.to_jsonb(new) end,
    case when tg_op <> 'INSERT' then pg_catalog.to_jsonb(old) end);
  perform pg_catalog.pg_notify('tidemark_realtime', '');
  return null;
end $$;
create or replace function realtime._sync_triggers() returns void
language plpgsql security definer set search_path = pg_catalog as $$
declare target record;
begin
  for target in
    select c.oid::regclass as name, m.relid is not null as wanted, t.oid is not null as there
    from pg_catalog.pg_class c
    left join (select distinct p.prrelid as relid from pg_catalog.pg_publication_rel p
      join pg_catalog.pg_publication b on b.oid = p.prpubid and b.pubname = 'supabase_realtime'
      union select c2.oid from pg_catalog.pg_class c2, pg_catalog.pg_publication b
      where b.pubname = 'supabase_realtime' and b.puballtables and c2.relkind = 'r'
        and c2.relnamespace::regnamespace::text not in ('pg_catalog', 'information_schema', 'auth', 'realtime')) m
      on m.relid = c.oid
    left join pg_catalog.pg_trigger t on t.tgrelid = c.oid and t.tgname = '_tidemark_realtime'
    where c.relkind in ('r', 'p') and (m.relid is not null) <> (t.oid is not null)
  loop
    if target.wanted then
      execute pg_catalog.format('create trigger _tidemark_realtime after insert or update or delete on %s
        for each row execute function realtime._capture()', target.name);
    else
      execute pg_catalog.format('drop trigger _tidemark_realtime on %s', target.name);
    end if;
  end loop;
end $$;
`

/** Makes the capture tables, and attaches the triggers that are missing. Idempotent. */
export async function installCapture(pool: Pool): Promise<void> {
  const client = await pool.connect()
  try {
    // Two servers on one database must not make the same things at once.
    await client.query('begin')
    await client.query("select pg_advisory_xact_lock(hashtext('tidemark_realtime'))")
    await client.query(captureSchema)
    await client.query('select realtime._sync_triggers()')
    await client.query('commit')
  } catch (error) {
    await client.query('rollback')
    throw error
  } finally {
    client.release()
  }
}
