import { feedConformance, type FeedWorld } from '../../test/feedConformance.js'
import { startTestDatabase } from '../../../pubsub/test/testDatabase.js'
import { ann, startTestService, tokenOf } from '../../../pubsub/test/testService.js'
import { pubsubFeed } from './pubsubFeed.js'
import type { SocketLike } from './pubsubSocket.js'

/** The service itself, over a Postgres with projects and their tasks. */
async function makeWorld(): Promise<FeedWorld> {
  const database = await startTestDatabase()
  const service = await startTestService(database.serviceUrl)
  const project = crypto.randomUUID()
  const sockets: SocketLike[] = []
  const makeSocket = (url: string, protocols: string[]) => {
    const socket = new WebSocket(url, protocols)
    sockets.push(socket)
    return socket
  }
  const insert: Record<string, string> = {
    project: `insert into app.project (id, owner_id, name) values ($1, '${ann}', 'p')`,
    task: `insert into app.task (id, project_id, title) values ($1, '${project}', 't')`,
  }
  await database.sql(insert.project ?? '', [project])
  const token = await tokenOf(ann)
  const done = async (work: Promise<unknown>) => void (await work)
  return {
    types: ['project', 'task'],
    feed: () => pubsubFeed({ url: service.url, token: () => token, makeSocket }),
    create: (type, id) => done(database.sql(insert[type] ?? '', [id])),
    update: (type, id) =>
      done(database.sql(`update app.${type} set version = version + 1 where id = $1`, [id])),
    remove: (type, id) => done(database.sql(`delete from app.${type} where id = $1`, [id])),
    cut: () => sockets.splice(0).forEach((socket) => socket.close()),
    stop: async () => {
      await service.stop()
      await database.stop()
    },
  }
}

feedConformance('The PubSub service', makeWorld)
