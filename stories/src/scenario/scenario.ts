import type { Stage, StageOptions } from './stage.ts'

/** What happens before a story is looked at, told once for both frameworks. */
export interface Scenario {
  /** What happened, in a sentence or two. */
  readonly happened: string
  /** The rule that it shows, as docs/architecture.md numbers them; left out where it shows none. */
  readonly rule?: `R${number}: ${string}`
  /** What the user can do now. */
  readonly can: string
  readonly mode?: StageOptions['mode']
  readonly conflict?: StageOptions['conflict']
  readonly play: (stage: Stage) => Promise<void> | void
}

/** Tells a scenario on a stage of its own. */
export const scenario = (told: Scenario): Scenario => told

/** The docs of a story, as Markdown. */
export const docsOf = ({ happened, rule, can }: Scenario): string =>
  [
    `**What happened:** ${happened}`,
    ...(rule === undefined ? [] : [`**Rule:** ${rule}`]),
    `**What you can do:** ${can}`,
  ].join('\n\n')
