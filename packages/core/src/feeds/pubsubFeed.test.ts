import { feedConformance, type FeedWorld } from '../../test/feedConformance.js'
import { startPubsubServer } from '../../test/pubsubServer.js'
import { pubsubFeed } from './pubsubFeed.js'

async function makeWorld(): Promise<FeedWorld> {
  const server = await startPubsubServer()
  const versions = new Map<string, number>()
  const change = async (entityCode: string, entityId: string, action: 'CREATE' | 'UPDATE' | 'DELETE') => {
    const version = (versions.get(entityId) ?? 0) + 1
    versions.set(entityId, version)
    server.change(entityCode, { entityId, action, version })
  }
  return {
    types: ['project', 'task'],
    feed: () => pubsubFeed({ url: server.url, token: () => 'token' }),
    create: (type, id) => change(type, id, 'CREATE'),
    update: (type, id) => change(type, id, 'UPDATE'),
    remove: (type, id) => change(type, id, 'DELETE'),
    disturb: async () => server.say({ type: 'INVALIDATE', payload: { entityCode: 'project' } }),
    cut: () => server.cut(),
    stop: () => server.stop(),
  }
}

feedConformance('PubSub', makeWorld)
