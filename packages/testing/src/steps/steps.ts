import { appGroup } from './appGroup.js'
import { appWrite, dealWithParked } from './appWrite.js'
import {
  closeHandles,
  corrupt,
  diskFull,
  hide,
  killTab,
  losePower,
  network,
  openTab,
  signOut,
  switchUser,
  weather,
} from './faults.js'
import { backup, bypass, serverEnd, serverWrite } from './serverWrites.js'
import { pickDevice, type StepWorld } from './stepWorld.js'

type Step = (at: StepWorld) => void

/** What can happen, and how often. */
const steps: readonly (readonly [name: string, weight: number, step: Step])[] = [
  ['write', 34, appWrite],
  ['server write', 14, serverWrite],
  ['server commit', 14, serverEnd],
  ['network', 5, network],
  ['weather', 3, weather],
  ['open tab', 4, openTab],
  ['kill tab', 4, killTab],
  ['power', 1, losePower],
  ['handles', 2, closeHandles],
  ['locks', 2, ({ world }) => pickDevice(world)?.locks.break()],
  ['disk full', 1, diskFull],
  ['hide', 3, hide],
  ['sign out', 2, signOut],
  ['switch user', 1, switchUser],
  ['group', 5, appGroup],
  ['parked', 3, dealWithParked],
]

/** What happens in some histories only. */
const extras: Readonly<Record<StepWorld['extra'], typeof steps>> = {
  nothing: [],
  restoring: [['backup', 2, backup]],
  // What only a comparison of both sides can tell of.
  tampering: [
    ['bypass', 2, bypass],
    ['corrupt', 2, corrupt],
    ['backup', 1, backup],
  ],
}

/** Lets one thing happen; answers its name. */
export function takeStep(at: StepWorld): string {
  const all = [...steps, ...extras[at.extra]]
  let left = at.world.random.next() * all.reduce((sum, [, weight]) => sum + weight, 0)
  const [name, , step] = all.find(([, weight]) => (left -= weight) < 0) ?? ['write', 0, appWrite]
  step(at)
  return name
}
