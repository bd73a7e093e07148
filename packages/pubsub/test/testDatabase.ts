import { startDevServer, type DevServer } from '@tidemark/dev-server'
import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { demoDirectory, sqlDirectory } from '../src/files.js'

export interface TestDatabase extends DevServer {
  /** A connection string of the role the service runs as, which may do what it needs and no more. */
  readonly serviceUrl: string
  /** A connection of its own, closed when the database stops. */
  connect(url?: string): Promise<pg.Client>
}

/** A PostgreSQL of its own with the migration and the demo entities. */
export async function startTestDatabase(): Promise<TestDatabase> {
  const server = await startDevServer({ port: 0, migrations: [sqlDirectory, demoDirectory] })
  await server.sql(`alter role tidemark_pubsub login password 'service'`)
  await server.sql(makeProjectsSql)
  const serviceUrl = new URL(server.databaseUrl)
  serviceUrl.username = 'tidemark_pubsub'
  serviceUrl.password = 'service'
  const clients: pg.Client[] = []
  return {
    ...server,
    serviceUrl: serviceUrl.href,
    connect: async (url = server.databaseUrl) => {
      const client = new pg.Client({ connectionString: url })
      client.on('error', () => undefined) // The database may be stopped before its clients.
      await client.connect()
      clients.push(client)
      return client
    },
    stop: async () => {
      await Promise.allSettled(clients.map((client) => client.end()))
      await server.stop()
    },
  }
}

/** Makes projects of one owner and gives their ids. No log says so: a test hears of nothing but what it does next. */
export async function makeProjects(database: TestDatabase, owner: string, count: number): Promise<string[]> {
  const ids = Array.from({ length: count }, () => randomUUID())
  await database.sql(`select test_make_projects($1, $2)`, [owner, ids])
  return ids
}

const makeProjectsSql = `
create function test_make_projects(owner uuid, ids uuid[]) returns void language plpgsql as $$
begin
  insert into app.project (id, owner_id, name) select id, owner, 'p' from unnest(ids) as id;
  delete from app.system_logging where xid = pg_current_xact_id();
end $$`
