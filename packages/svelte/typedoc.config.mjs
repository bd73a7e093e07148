import manifest from './package.json' with { type: 'json' }

/** Every entry point has its page in the API. */
export default {
  entryPoints: Object.values(manifest.exports).flatMap((entry) => entry['@tidemark/source'] ?? []),
}
