import { startDevServer, type DevServer } from '@tidemark/dev-server'
import { fileURLToPath } from 'node:url'

type Row = Record<string, unknown>

/** A real PostgreSQL with the calendar's migration. */
export interface CalendarDatabase {
  /** As the database's owner, past all policies. */
  readonly sql: DevServer['sql']
  /** One statement as a signed-in user; data-modifying ones give the rows of their `returning`. */
  as(userId: string, statement: string): Promise<Row[]>
  /** One statement as somebody who is not signed in. */
  asAnon(statement: string): Promise<Row[]>
  /** Signs a user up; resolves with the id. */
  signUp(email: string, said?: Row): Promise<string>
  /** Makes an event as its owner; resolves with its id. */
  makeEvent(ownerId: string, title?: string): Promise<string>
  stop(): Promise<void>
}

const migrations = fileURLToPath(new URL('../supabase/migrations', import.meta.url))

/** What PostgREST does for a request: the role and the claims last as long as the one transaction. */
const request = `
create schema test;
grant usage on schema test to anon, authenticated;
create function test.request(wanted text, claims jsonb, statement text) returns setof jsonb language plpgsql as $$
begin
  perform set_config('request.jwt.claims', claims::text, true), set_config('role', wanted, true);
  return query execute format('with answer as (%s) select to_jsonb(answer) from answer', statement);
end $$`

export async function startCalendarDatabase(): Promise<CalendarDatabase> {
  const server = await startDevServer({ port: 0, database: 'temporary', migrations: [migrations] })
  await server.sql(request)
  const ask = async (role: string, claims: Row, statement: string): Promise<Row[]> => {
    const text = 'select test.request($1, $2, $3) as answer'
    return (await server.sql<{ answer: Row }>(text, [role, claims, statement])).map(({ answer }) => answer)
  }
  const as = (userId: string, statement: string) => ask('authenticated', { sub: userId }, statement)
  return {
    sql: server.sql.bind(server),
    as,
    asAnon: (statement) => ask('anon', {}, statement),
    signUp: async (email, said = {}) => {
      const text = `insert into auth.users (id, email, raw_user_meta_data) values (gen_random_uuid(), $1, $2) returning id`
      const [user] = await server.sql<{ id: string }>(text, [email, said])
      return user?.id ?? ''
    },
    makeEvent: async (ownerId, title = 'Review') => {
      const values = `'${title}', '2026-03-02T09:00:00Z', 30`
      const [event] = await as(
        ownerId,
        `insert into events (title, start_time, duration) values (${values}) returning id`,
      )
      return String(event?.id)
    },
    stop: () => server.stop(),
  }
}

/** What PostgREST answers with for a statement that row-level security, a privilege or the role guard refuses. */
export const forbidden = { code: '42501' }
/** What a check, or a guard that speaks as one, answers with. */
export const checkFails = { code: '23514' }
