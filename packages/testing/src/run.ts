import type { Mutation } from '@tidemark/core'
import { boardsScenario } from './boards.js'
import { wrongNow } from './check/always.js'
import { parkedIn, wrongAtRest } from './check/atRest.js'
import { Journal } from './check/journal.js'
import type { Scenario } from './scenario.js'
import { fairWeather } from './server/transport.js'
import { takeStep } from './steps/steps.js'
import type { StepWorld } from './steps/stepWorld.js'
import { seeded } from './world/random.js'
import { settled } from './world/scheduler.js'
import { World, type Device } from './world/world.js'

export interface RunOptions {
  /** The same seed makes the same history. */
  readonly seed: number
  /** Things that happen. Default: 300. */
  readonly steps?: number
  /** The numbers of the steps that are taken; left out: all. */
  readonly only?: readonly number[]
  /** What is simulated. Left out: boards with members, cards, notes, counters and visits. */
  readonly scenario?: Scenario
  /** How many devices there are. Default: 3. */
  readonly devices?: number
}

export interface RunResult {
  readonly seed: number
  readonly steps: number
  /** The numbers of the steps that were taken. */
  readonly taken: readonly number[]
  /** What happened, in order. */
  readonly history: readonly string[]
  /** Which rules were broken, and how; empty when none was. */
  readonly wrong: readonly string[]
}

const users = ['ann', 'bob']

/** Runs one history to its end, and says what was wrong. */
export async function run(options: RunOptions): Promise<RunResult> {
  const { seed, steps = 300, scenario = boardsScenario, devices = 3 } = options
  const world = new World({ seed, schema: scenario.schema, policies: scenario.policies ?? {} })
  const at = begin(world, seed, scenario, devices)
  const told = { history: [], taken: [] }
  try {
    return { seed, steps, ...told, wrong: await live(at, { ...options, steps }, told) }
  } catch (error) {
    // Something that goes on for ever, or a scenario that throws: a history like any other that goes wrong.
    const wrong = [error instanceof Error ? (error.stack ?? error.message) : String(error)]
    return { seed, steps, ...told, wrong }
  } finally {
    world.end()
  }
}

/** Takes the steps, then lets everything come to rest; resolves with what was wrong. */
async function live(
  at: StepWorld,
  { seed, steps, only }: RunOptions & { steps: number },
  told: { history: string[]; taken: number[] },
): Promise<readonly string[]> {
  const { world } = at
  for (let step = 0; step < steps; step += 1) {
    if (only && !only.includes(step)) continue
    world.random = seeded(seed * 7_919 + step)
    at.count = step
    told.history.push(takeStep(at))
    told.taken.push(step)
    await something(world)
    const wrong = [...at.wrong, ...wrongNow(world)]
    if (wrong.length > 0) return wrong
  }
  return comeToRest(at)
}

function begin(world: World, seed: number, scenario: Scenario, devices: number): StepWorld {
  const transaction = world.server.database.begin()
  for (const [table, rows] of Object.entries(scenario.initial ?? {}))
    for (const row of rows) world.server.put(transaction, table, row)
  world.server.commit(transaction)
  for (let index = 0; index < devices; index += 1)
    world.openTab(world.addDevice(`d${index + 1}`, users[index % users.length] ?? ''))
  return {
    world,
    scenario,
    users,
    journal: new Journal(),
    open: [],
    wrong: [],
    extra: ({ 0: 'tampering', 4: 'restoring' } as const)[seed % 8] ?? 'nothing',
    count: 0,
    backup: undefined,
    restored: false,
  }
}

/** A few things happen, or some time passes. */
async function something({ random, scheduler }: World): Promise<void> {
  // What follows from a step at once does so before anything else can happen.
  await settled()
  for (let left = random.int(12); left > 0; left -= 1) if (!(await scheduler.step())) break
  if (random.chance(0.4)) await scheduler.pass(random.int(random.chance(0.1) ? 120_000 : 1_500))
}

/** Everything works, everyone comes back to their devices, and time passes until there is nothing left to do. */
async function comeToRest(at: StepWorld): Promise<string[]> {
  const { world, scenario, open } = at
  Object.assign(world.weather, fairWeather)
  for (const transaction of open) world.server.commit(transaction)
  for (const device of world.devices) mend(world, device)
  await calm(at)
  const parked: Mutation[] = []
  for (const user of at.users) parked.push(...(await comeBack(at, user)))
  await calm(at)
  return [...at.wrong, ...wrongAtRest(world, scenario, at, parked)]
}

function mend(world: World, device: Device): void {
  device.disk.full = false
  world.setOnline(device, true)
  // A tab that could not open its database is loaded again.
  for (const tab of device.tabs.filter(({ failure }) => failure !== undefined)) world.kill(device, tab)
  if (device.tabs.length === 0) world.openTab(device)
  for (const tab of device.tabs) tab.visible = true
}

/** A user comes back to every device that they have used, so that what waited there is sent; resolves with what is parked. */
async function comeBack(at: StepWorld, user: string): Promise<Mutation[]> {
  const { world } = at
  for (const device of world.devices)
    if (device.user !== user && device.users.has(user)) world.switchUser(device, user)
  await calm(at)
  return world.devices.flatMap(({ tabs: [tab] }) => (tab ? parkedIn(tab) : []))
}

/**
 * Long enough for polls; and for a comparison that a user asks for, where something was changed that nothing can tell of. Whoever
 * is asked to sign in does.
 */
async function calm({ world, extra }: StepWorld): Promise<void> {
  for (const device of world.devices) world.signIn(device)
  await world.scheduler.pass(310_000)
  if (extra !== 'tampering') return
  for (const { tabs } of world.devices) tabs.find((tab) => tab.tide.userId !== undefined)?.tide.sync()
  await world.scheduler.pass(60_000)
}
