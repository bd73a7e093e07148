import { createEntities, draft } from '../src/entities.js'
import { EntityServer } from './entityServer.js'
import { types } from './entityTypes.js'

/** Runs in a page of its own, which a test opens and kills: shows the draft of a project of the database that its title names. */
const server = new EntityServer()
server.set('project', { id: '1', name: 'Harbour' })
const entities = createEntities({ name: document.title, types, fetcher: server })
await entities.start('user-a')
const edited = draft(entities, 'project', '1')
edited.state$.subscribe((state) => {
  document.body.textContent = JSON.stringify(state)
})
Object.assign(globalThis, { edited })
