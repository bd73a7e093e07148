import type { Pool } from 'pg'
import type { Sql } from '../sql/sql.js'
import type { Catalog } from './catalog.js'
import { loadCatalog } from './loadCatalog.js'
import { createPrepared, type Prepared } from '../sql/prepared.js'
import type { RestSettings } from './settings.js'
import { checkVersion, readVersion, watchStructure } from './watch.js'

/** The catalogue, and the version of the database it was read from. */
export interface Loaded {
  readonly catalog: Catalog
  readonly version: string
  readonly prepared: Prepared
}

export interface CatalogCache {
  /** The connection is that of a superuser, who may do what PostgREST's own may not. */
  readonly isSuperuser: boolean
  /** How often a request that fails by the structure is tried again; but once where nobody can tell. */
  readonly patience: number
  /** An expression for a request's transaction; it fails, as `isStale` tells, when `renew` is due. */
  check(version: string): Sql
  /** The catalogue as it was last read. */
  current(): Promise<Loaded>
  /** Reads it again if it is no longer right, or if nobody can tell. Resolves with whether it was read. */
  renew(): Promise<boolean>
}

/** How many catalogues of other versions are kept. */
const mostKnown = 4

/** Keeps the catalogue and reads it again after a change of structure. */
export async function createCatalogCache(pool: Pool, settings: RestSettings): Promise<CatalogCache> {
  const structure = await watchStructure(pool)
  let loading: Promise<Loaded> | undefined
  let known: readonly Loaded[] = []

  const read = async (): Promise<Loaded> => {
    // The version first: a change in between makes the next request read again.
    const version = await readVersion(pool, structure)
    const found = known.find((loaded) => loaded.version === version)
    if (found) return found
    const loaded = { version, catalog: await loadCatalog(pool, settings), prepared: createPrepared() }
    // A reset goes back to a version that was read before. Where nobody can tell, it is read each time.
    const isExact = structure.isSuperuser && version === (await readVersion(pool, structure))
    if (isExact) known = [loaded, ...known.slice(0, mostKnown - 1)]
    return loaded
  }
  const load = () => {
    const started = read()
    loading = started
    // A failure is told to whoever waits; the next request tries again.
    started.catch(() => {
      if (loading === started) loading = undefined
    })
    return started
  }

  return {
    isSuperuser: structure.isSuperuser,
    patience: structure.isSuperuser ? 5 : 1,
    check: (version) => checkVersion(structure, version),
    current: () => loading ?? load(),
    renew: async () => {
      const present = await loading
      if (structure.isSuperuser && present?.version === (await readVersion(pool, structure))) return false
      await load()
      return true
    },
  }
}
