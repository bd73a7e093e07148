/**
 * Which module may be imported where. `within` and `except` are paths from the repository's root;
 * an import that matches `module` is reported in files within, except those named.
 * @type {{ within: string[], except?: string[], module: RegExp, why: string }[]}
 */
export const boundaries = [
  {
    within: ['packages/core/src/'],
    except: ['packages/core/src/remote/supabase.ts', 'packages/core/src/supabase.ts'],
    module: /^@supabase\//,
    why: 'Only remote/supabase.ts knows Supabase: use the Remote interface.',
  },
  {
    within: ['packages/core/src/'],
    except: ['packages/core/src/store/'],
    module: /^dexie($|\/)/,
    why: 'Only store/ knows Dexie: use the store.',
  },
  {
    within: ['packages/core/src/'],
    module: /^(svelte|vue|react|react-dom|solid-js|@angular|@vue)($|\/)/,
    why: 'The core knows no framework: put it in an adapter.',
  },
  {
    within: ['packages/core/src/', 'packages/svelte/src/', 'packages/vue/src/', 'packages/calendar/src/'],
    module: /^node:/,
    why: 'This package runs in browsers: take what differs through a port.',
  },
  {
    within: ['packages/core/src/'],
    module: /^zod($|\/(?!v4\/core$))/,
    why: "The core uses zod through 'zod/v4/core' only, so that apps may declare with zod or zod/mini.",
  },
  {
    within: ['packages/core/src/'],
    except: ['packages/core/src/invalidation/'],
    module: /^@tanstack\//,
    why: 'Only invalidation/ knows the query cache.',
  },
  {
    within: ['packages/svelte/src/', 'packages/vue/src/'],
    module: /^(dexie|@supabase)($|\/)/,
    why: 'An adapter binds the core’s streams and nothing else.',
  },
  {
    within: ['packages/svelte/src/', 'packages/vue/src/', 'packages/calendar/src/', 'playground/src/'],
    module: /^@tidemark\/[^/]+\/(src|dist)\//,
    why: 'Import a public entry point of the package.',
  },
]
