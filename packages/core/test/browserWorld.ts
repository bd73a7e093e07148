import { BehaviorSubject } from 'rxjs'
import {
  browserPorts,
  createTidemark,
  type Ports,
  type Tables,
  type Tidemark,
  type Schema,
} from '../src/index.js'
import { MemoryRemote } from './memoryRemote.js'

/** A browser whose network can be cut: IndexedDB, Web Locks and BroadcastChannel are its own. */
export interface BrowserWorld {
  readonly remote: MemoryRemote
  readonly online$: BehaviorSubject<boolean>
  /** Opens another tab, with this version of the app. */
  tab<T extends Tables>(schema: Schema<T>): Tidemark<T>
  /** Closes every tab and deletes every database. */
  end(): Promise<void>
  /** The databases of this world's app. */
  databases(): Promise<string[]>
}

export function makeBrowserWorld(): BrowserWorld {
  const remote = new MemoryRemote()
  const online$ = new BehaviorSubject(true)
  const name = `b${crypto.randomUUID()}`
  const ports: Ports = { ...browserPorts, online$, random: () => 0.01 }
  const tabs: Tidemark[] = []
  const databases = async (): Promise<string[]> =>
    (await indexedDB.databases()).flatMap((one) => (one.name?.includes(name) ? [one.name] : []))
  return {
    remote,
    online$,
    databases,
    tab(schema) {
      const tide = createTidemark({ name, schema, remote, ports })
      tabs.push(tide as unknown as Tidemark)
      return tide
    },
    async end() {
      await Promise.all(tabs.map((tide) => tide.stop()))
      for (const database of await databases()) indexedDB.deleteDatabase(database)
    },
  }
}

/** Everything that lies in a database, as text. */
export async function contentOf(database: string): Promise<string> {
  const db = await asked(indexedDB.open(database))
  const stores = [...db.objectStoreNames]
  const transaction = db.transaction(stores)
  const parts = await Promise.all(stores.map((store) => asked(transaction.objectStore(store).getAll())))
  db.close()
  return JSON.stringify(parts)
}

const asked = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error ?? new Error('The database cannot be read.'))
  })
