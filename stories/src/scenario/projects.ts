import { connectFeed, createEntities, type Entities } from '@tidemark/core/entities'
import type { Feed } from '@tidemark/core/invalidation'
import { pubsubFeed } from '@tidemark/core/pubsub'
import { z } from 'zod'
import { EntityServer } from './entityServer.ts'
import { ada } from './people.ts'
import type { Stage } from './stage.ts'

const types = {
  project: {
    row: z.object({ id: z.string(), name: z.string(), place: z.string(), version: z.number().optional() }),
  },
}
export type ProjectEntities = Entities<typeof types>

/** The project that most of these scenarios are about. */
export const project = 'project-1'

/** Ada's projects: cached entities beside her calendar, with a server and a feed of their own. */
export interface Projects {
  readonly server: EntityServer
  readonly entities: ProjectEntities
  readonly feed: Feed
  /** Opens them; resolves when what lies on the device can be read. */
  readonly open: () => Promise<void>
  /** Closes them and opens them again, as a reload does. */
  readonly reopen: () => Promise<void>
  /** Has the feed tell of changes. */
  readonly listen: () => void
}

/** An address where nobody answers. */
const nobody = 'ws://127.0.0.1:1'

const known = new WeakMap<Stage, Projects>()

/** The projects of a stage; the same ones each time. */
export function projectsOf(stage: Stage): Projects {
  const found = known.get(stage) ?? makeProjects(stage)
  known.set(stage, found)
  return found
}

function makeProjects({ name, ports, atEnd }: Stage): Projects {
  const server = new EntityServer()
  server.put(project, { name: 'Sea wall', place: 'Hamburg' })
  for (const [index, next] of ['Lock', 'Pier', 'Dyke', 'Harbour'].entries())
    server.put(`project-${index + 2}`, { name: next, place: 'Bremen' })
  const entities = createEntities({ name, types, fetcher: server, ports, staleTime: 60_000 })
  const feed = pubsubFeed({ url: nobody, token: () => Promise.resolve('a-token'), ports })
  const open = (): Promise<void> => entities.start(ada)
  atEnd(async () => {
    feed.close()
    await entities.stop()
  })
  const reopen = async (): Promise<void> => {
    await entities.stop()
    await open()
  }
  const listen = (): void => atEnd(connectFeed(entities, feed, 'story'))
  return { server, entities, feed, open, reopen, listen }
}
