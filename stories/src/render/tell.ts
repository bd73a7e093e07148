import type { StoryContext, StoryObj } from '@storybook/html-vite'
import { docsOf, type Scenario } from '../scenario/scenario.ts'
import { furnish } from '../scenario/seed.ts'
import { Stage } from '../scenario/stage.ts'
import { makeHost, uiOf, type Surroundings } from './surroundings.ts'
import { mountTwin, type Twins } from './twins.ts'

/** What a component of a story is given, and when: after its scenario was played. */
export type PropsOf = (stage: Stage) => object | Promise<object>

/** What a `play` function has besides what Storybook gives it. */
export type Play = (at: Looked) => Promise<void> | void
type StoryPlay = NonNullable<StoryObj['play']>
export type Looked = Pick<Parameters<StoryPlay>[0], 'canvas' | 'canvasElement' | 'userEvent' | 'step'> & {
  readonly stage: Stage
}

export interface Telling {
  readonly scenario: Scenario
  readonly props?: PropsOf
  /** Asserts what a user sees, in both frameworks. */
  readonly play: Play
  /** What the toolbar says for this story. */
  readonly globals?: Partial<Surroundings>
  /** Left out of the pictures: what moves, or differs from run to run. */
  readonly snapshot?: boolean
}

interface Loaded {
  readonly stage: Stage
  readonly props: object
}

/** What is shown of each story now: it ends before it is told again. */
const shown = new Map<string, () => Promise<void>>()

/** A story: a scenario on the real core, and one component that shows it, by the framework chosen in the toolbar. */
export const tell =
  (twins: Twins, title: string, standard: PropsOf = () => ({})) =>
  ({ scenario, props = standard, play, globals, snapshot = true }: Telling): StoryObj => ({
    ...(globals && { globals: { ...globals } }),
    tags: [`component:${title}`],
    parameters: { docs: { description: { story: docsOf(scenario) } }, snapshot },
    loaders: [(context) => load(context, scenario, props)],
    render: (_args, context) => render(context, twins),
    play: async (context) => {
      const { stage } = context.loaded as unknown as Loaded
      await play({ ...context, stage })
    },
  })

async function load({ id, globals }: StoryContext, scenario: Scenario, props: PropsOf): Promise<Loaded> {
  await endStory(id)
  const { clock } = globals as unknown as Surroundings
  const { mode, conflict } = scenario
  const stage = new Stage({ start: Date.parse(clock), ...(mode && { mode }), ...(conflict && { conflict }) })
  shown.set(id, () => stage.end())
  stage.otherDevice(furnish)
  await scenario.play(stage)
  return { stage, props: await props(stage) }
}

function render({ globals, loaded }: StoryContext, twins: Twins): HTMLElement {
  const surroundings = globals as unknown as Surroundings
  const { stage, props } = loaded as unknown as Loaded
  const ui = uiOf(surroundings, stage)
  const host = makeHost(surroundings, ui)
  // A dialog opens only in a document: Storybook puts the host there right after this.
  queueMicrotask(() => stage.atEnd(mountTwin(surroundings.framework, twins, host, ui, props)))
  return host
}

/** Takes away what is shown of a story, with its databases. */
export async function endStory(id: string): Promise<void> {
  const end = shown.get(id)
  shown.delete(id)
  await end?.()
}
