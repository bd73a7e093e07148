/**
 * Lets Node run the TypeScript sources of the workspace: `node --conditions=@tidemark/source --import <this file> script.ts`.
 * Node strips the types itself, but sources import `./x.js` while only `./x.ts` is there.
 */
import { registerHooks } from 'node:module'

registerHooks({
  resolve(specifier, context, nextResolve) {
    try {
      return nextResolve(specifier, context)
    } catch (error) {
      const isSource = specifier.startsWith('.') && specifier.endsWith('.js')
      if (error.code !== 'ERR_MODULE_NOT_FOUND' || !isSource) throw error
      return resolveSource(specifier, context, nextResolve, error)
    }
  },
})

/** @throws what the first try threw, since that names the file the author wrote */
function resolveSource(specifier, context, nextResolve, firstError) {
  try {
    return nextResolve(specifier.replace(/\.js$/, '.ts'), context)
  } catch (error) {
    throw error.code === 'ERR_MODULE_NOT_FOUND' ? firstError : error
  }
}
