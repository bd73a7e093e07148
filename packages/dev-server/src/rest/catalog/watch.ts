import type { Pool } from 'pg'

/**
 * Each transaction that changes the structure of the database leaves a row behind, so that counting
 * the rows tells, without a race, whether the catalogue that was read is still right. Rows and not
 * one counter: a counter would make such transactions wait for each other.
 */
const install = `
do $install$ begin
  create schema if not exists tidemark_dev;
  create table if not exists tidemark_dev.ddl (xid xid8 primary key);
  create or replace function tidemark_dev.note_ddl() returns event_trigger
  language plpgsql security definer set search_path = pg_catalog as $body$
  begin
    if exists (select from pg_event_trigger_ddl_commands())
      and not exists (select from pg_event_trigger_ddl_commands() where schema_name is distinct from 'pg_temp')
    then
      return;
    end if;
    insert into tidemark_dev.ddl values (pg_current_xact_id()) on conflict do nothing;
  end $body$;
  if not exists (select from pg_event_trigger where evtname = 'tidemark_dev_ddl') then
    create event trigger tidemark_dev_ddl on ddl_command_end execute function tidemark_dev.note_ddl();
  end if;
exception when insufficient_privilege then
  raise notice 'event triggers need a superuser';
end $install$`

/** Tells which state of the structure the database is in; undefined where it cannot be told. */
export type ReadVersion = () => Promise<string | undefined>

/** Begins to count changes of structure. Only a superuser may, so elsewhere nothing is counted. */
export async function watchStructure(pool: Pool): Promise<ReadVersion> {
  await pool.query(install)
  const trigger = await pool.query(`select from pg_event_trigger where evtname = 'tidemark_dev_ddl'`)
  if (trigger.rowCount === 0) return () => Promise.resolve(undefined)
  return async () => {
    const { rows } = await pool.query<{ version: string }>('select count(*) as version from tidemark_dev.ddl')
    return rows[0]?.version
  }
}
