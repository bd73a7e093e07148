import type { Pool } from 'pg'
import type { Catalog } from './catalog.js'
import { loadCatalog } from './loadCatalog.js'
import { watchStructure } from './watch.js'

export interface CatalogCache {
  /** The catalogue of the database as it is now. */
  current(): Promise<Catalog>
  /** Reads it again, unless the database itself tells when that is needed. Resolves with whether it did. */
  refresh(): Promise<boolean>
}

/** Keeps the catalogue and reads it again after a change of structure. */
export async function createCatalogCache(pool: Pool): Promise<CatalogCache> {
  const readVersion = await watchStructure(pool)
  let loaded: { version: string | undefined; catalog: Promise<Catalog> } | undefined

  const load = (version: string | undefined) => {
    const catalog = loadCatalog(pool)
    loaded = { version, catalog }
    // A failure is told to whoever waits; the next request tries again.
    catalog.catch(() => (loaded = undefined))
    return catalog
  }

  return {
    current: async () => {
      const version = await readVersion()
      return loaded && loaded.version === version ? loaded.catalog : load(version)
    },
    refresh: async () => {
      if (loaded?.version !== undefined) return false
      await load(undefined)
      return true
    },
  }
}
