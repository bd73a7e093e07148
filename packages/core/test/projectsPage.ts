import { browserPorts } from '../src/index.js'
import { createEntities } from '../src/entities.js'
import { EntityServer } from './entityServer.js'
import { types, type TestEntities } from './entityTypes.js'

/** A server with projects, and pages of a browser that show them. */
export function makeProjects() {
  const server = new EntityServer()
  const name = `p${crypto.randomUUID()}`
  const opened: TestEntities[] = []
  for (const [index, title] of ['Harbour', 'Bridge', 'Pier'].entries())
    server.set('project', { id: String(index + 1), name: title })
  server.labels.set('project_stage', [{ value: 'open', label: 'Open' }])
  server.labels.set('entity-codes', [{ code: 'project', label: 'Project' }])
  server.labels.set('settings', { currency: 'EUR' })
  return {
    server,
    /** Opens another page of the same browser and user. */
    open: async () => {
      const entities = createEntities({
        name,
        types,
        fetcher: server,
        ports: { ...browserPorts, random: () => 0.01 },
      })
      opened.push(entities)
      await entities.start('user-a')
      return entities
    },
    stop: () => Promise.all(opened.splice(0).map((entities) => entities.stop())),
  }
}
