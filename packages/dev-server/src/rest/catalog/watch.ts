import { DatabaseError, type Pool } from 'pg'
import type { BootstrapStep } from '../../postgres/bootstrapSteps.js'
import { empty, param, type Sql, sql, toQuery } from '../sql/sql.js'

/**
 * Each transaction that changes the structure of the database leaves a row behind, so that counting
 * the rows tells, without a race, whether the catalogue that was read is still right. Rows and not
 * one counter: a counter would make such transactions wait for each other.
 */
export const structureWatch: BootstrapStep = {
  makes: 'the watch over its structure',
  sql: `
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
end $install$;`,
}

/** What `alter role … set` changes is in no schema, and no event trigger hears of it. Copies of the database have their own. */
const roleSettings = sql`coalesce((select md5(string_agg(setconfig::text, '' order by setdatabase, setrole))
  from pg_db_role_setting
  where setdatabase in (0, (select oid from pg_database where datname = current_database()))), '')`

/**
 * How many changes there were, and which was the last: another database of the cluster, as after a reset, can have had as many,
 * but no two transactions have the same number.
 */
const changes = sql`(select count(*) from tidemark_dev.ddl) || '.' ||
  coalesce((select xid::text from tidemark_dev.ddl order by xid desc limit 1), '') || '.' || `

/** How the state of the database's structure is told from another. */
export interface Structure {
  /** An expression that gives a text, another one after each change. */
  readonly version: Sql
  /** Only a superuser may watch the structure; otherwise only settings are watched. */
  readonly isSuperuser: boolean
}

/** Finds out how far the structure is watched. Only a superuser may, so elsewhere changes are not counted. */
export async function watchStructure(pool: Pool): Promise<Structure> {
  const { rows } = await pool.query<{ rolsuper: boolean }>(
    'select rolsuper from pg_roles where rolname = current_user',
  )
  const isSuperuser = rows[0]?.rolsuper === true
  return { version: sql`${isSuperuser ? changes : empty}${roleSettings}`, isSuperuser }
}

/** The version at this moment. */
export async function readVersion(pool: Pool, { version }: Structure): Promise<string> {
  const { rows } = await pool.query<{ version: string }>(toQuery(sql`select ${version} as version`))
  return rows[0]?.version ?? ''
}

/**
 * An expression that fails unless this still is the version. So the statements behind it are never run for a
 * structure that is gone, although they have been sent already.
 */
export const checkVersion = ({ version }: Structure, known: string): Sql =>
  sql`case when ${version} = ${param(known)} then 0 else ('stale catalogue ' || ${version})::int end`

/** True for the failure of `checkVersion`. */
export const isStale = (error: unknown): boolean =>
  error instanceof DatabaseError && error.code === '22P02' && error.message.includes('"stale catalogue ')
