import { createTidemark } from '../src/index.js'
import { MemoryRemote } from './memoryRemote.js'
import { schema } from './world.js'

/** Runs in a page of its own, which a test puts to sleep and wakes: the app that its title names, on the browser's own ports. */
const tide = createTidemark({ name: document.title, schema, remote: new MemoryRemote() })
const rows = tide.tables.lists.rows$()
rows.subscribe()
tide.status$.subscribe((status) => {
  document.body.textContent = JSON.stringify(status)
})
await tide.start('user-a')
Object.assign(globalThis, { tide, rows })
