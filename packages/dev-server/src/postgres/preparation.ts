import type { Client } from 'pg'
import type { BootstrapStep } from './bootstrapSteps.js'

/** How a database comes to the state that apps expect. What is there already stays. */
export interface Preparation {
  /** What every one has besides the bootstrap's own, in its order. */
  readonly basis: readonly BootstrapStep[]
  /** What this app has. Resolves with the names of what was applied now. */
  readonly apply: (client: Client) => Promise<readonly string[]>
}

/** The bootstrap's own, and nothing else. */
export const bootstrapOnly: Preparation = { basis: [], apply: () => Promise.resolve([]) }
