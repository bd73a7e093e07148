import { registerHooks } from 'node:module'

/** Takes a guard out of the core as it is loaded: `TIDEMARK_GUARD` is the guard as JSON. */
const guard = JSON.parse(process.env.TIDEMARK_GUARD ?? '{}')

registerHooks({
  load(url, context, nextLoad) {
    const loaded = nextLoad(url, context)
    if (!url.endsWith(`/packages/core/src/${guard.file}`)) return loaded
    const parts = String(loaded.source).split(guard.find)
    if (parts.length !== 2) throw new Error(`The guard is not where it was: ${guard.law}.`)
    return { ...loaded, source: parts.join(guard.replace) }
  },
})
