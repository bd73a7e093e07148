import { createClient } from '@supabase/supabase-js'
import { startDevServer } from '@tidemark/dev-server'
import { feedConformance, type FeedWorld } from '../../test/feedConformance.js'
import { channelName } from './channelName.js'
import { supabaseFeed } from './supabaseFeed.js'

const tableSql = (table: string) => `
create table ${table} (id uuid primary key, factory_id uuid not null, title text, version int not null default 1);
create trigger bump before update on ${table} for each row execute function bump();
alter publication supabase_realtime add table ${table};
`
const sql = `
create function bump() returns trigger language plpgsql as $$
begin
  new.version = old.version + 1;
  return new;
end $$;
${['work_orders', 'lots'].map(tableSql).join('')}
`
const types = {
  wo: { table: 'work_orders', factoryId: 'factory_id' },
  lot: { table: 'lots', factoryId: 'factory_id' },
} as const
const tableOf = (type: string) => types[type as keyof typeof types].table

async function makeWorld(): Promise<FeedWorld> {
  const server = await startDevServer({ port: 0, database: 'temporary' })
  await server.sql(sql)
  const client = createClient(server.url, server.anonKey, { auth: { autoRefreshToken: false } })
  const service = createClient(server.url, server.serviceRoleKey, { auth: { persistSession: false } })
  const done = async (work: PromiseLike<{ error: unknown }>) => {
    const { error } = await work
    if (error) throw error
  }
  return {
    types: ['wo', 'lot'],
    feed: () => supabaseFeed(client, { types }),
    create: (type, id, factoryId) => done(service.from(tableOf(type)).insert({ id, factory_id: factoryId })),
    update: (type, id) =>
      done(service.from(tableOf(type)).update({ title: crypto.randomUUID() }).eq('id', id)),
    remove: (type, id) => done(service.from(tableOf(type)).delete().eq('id', id)),
    disturb: async (channel) =>
      void (await service.channel(channelName(channel)).httpSend('any', { not: 'an event' })),
    cut: () => server.faults.dropSockets(),
    stop: async () => {
      await Promise.all([client, service].map((one) => one.removeAllChannels()))
      await server.stop()
    },
  }
}

feedConformance('Supabase Realtime', makeWorld)
