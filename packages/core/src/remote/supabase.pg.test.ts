import { createClient } from '@supabase/supabase-js'
import { startDevServer, type FaultSettings } from '@tidemark/dev-server'
import { tablesSql } from '../../test/conformanceTables.js'
import {
  remoteConformance,
  type ConformanceWorld,
  type Person,
  type Trouble,
} from '../../test/remoteConformance.js'
import { supabaseTransport } from './supabase.js'

const faults: Readonly<Record<Trouble, FaultSettings>> = {
  unreachable: { dropRequests: 1, only: '^/rest/' },
  'answers are lost': { dropResponses: 1, only: '^/rest/' },
  busy: { errors: { status: 503, probability: 1 }, only: '^/rest/' },
}

async function makeWorld(): Promise<ConformanceWorld> {
  /** How far the server's clock is ahead, in ms. */
  let ahead = 0
  const server = await startDevServer({ port: 0, database: 'temporary', clock: () => Date.now() + ahead })
  await server.sql(tablesSql)
  const clients = new Map<Person, ReturnType<typeof connect>>()
  const connect = () => createClient(server.url, server.anonKey, { auth: { autoRefreshToken: false } })
  const signUp = async (name: string): Promise<Person> => {
    const client = connect()
    const { data, error } = await client.auth.signUp({
      email: `${name}@example.com`,
      password: 'long enough',
    })
    if (error) throw error
    const person = { id: data.user?.id ?? '', remote: supabaseTransport(client) }
    clients.set(person, client)
    return person
  }
  return {
    ada: await signUp('ada'),
    ben: await signUp('ben'),
    trouble: (kind) => server.faults.set(faults[kind]),
    mend: () => server.faults.clear(),
    endTokens: (delay) => void (ahead += 3_600_000 - delay),
    dropSockets: () => server.faults.dropSockets(),
    signOut: async (person) => void (await clients.get(person)?.auth.signOut()),
    stop: async () => {
      await Promise.all([...clients.values()].map((client) => client.removeAllChannels()))
      await server.stop()
    },
  }
}

remoteConformance('Supabase', makeWorld)
