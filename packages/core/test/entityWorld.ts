import 'fake-indexeddb/auto'
import { BehaviorSubject, of } from 'rxjs'
import { createEntities } from '../src/entities.js'
import { EntityServer } from './entityServer.js'
import { types, type TestEntities } from './entityTypes.js'
import { settled, virtualPorts } from './virtualPorts.js'

export { types, type TestEntities }

/** A device with a server of its own, whose time stands still until it is moved. */
export function makeEntityWorld(server = new EntityServer(), name = `t${crypto.randomUUID()}`) {
  const { ports: steady, pass } = virtualPorts(1_000_000)
  let jumped = 0
  const online$ = new BehaviorSubject(true)
  const ports = { ...steady, now: () => steady.now() + jumped, online$, visible$: of(true) }
  const problems: unknown[] = []
  const opened: TestEntities[] = []
  /** Makes another tab of the device. */
  const tab = (): TestEntities => {
    const entities = createEntities({
      name,
      types,
      fetcher: server,
      ports,
    })
    entities.problem$.subscribe((problem) => problems.push(problem))
    opened.push(entities)
    return entities
  }
  return {
    server,
    online$,
    problems,
    name,
    ports,
    tab,
    started: async (userId = 'user-a') => {
      const entities = tab()
      await entities.start(userId)
      return entities
    },
    /** Lets `ms` pass, and what is stored be stored. */
    pass: async (ms: number) => {
      await calm()
      await pass(ms)
      await calm()
    },
    /** Sets the clock forward, or back, which no timer notices. */
    jump: (ms: number) => {
      jumped += ms
    },
    stop: () => Promise.all(opened.splice(0).map((entities) => entities.stop())),
  }
}

export type EntityWorld = ReturnType<typeof makeEntityWorld>

/** Lets everything run that waits for no timer, the database and messages between tabs among it. */
export async function calm(): Promise<void> {
  for (let turn = 0; turn < 40; turn += 1) await settled()
  await new Promise((resolve) => setTimeout(resolve, 2))
  for (let turn = 0; turn < 20; turn += 1) await settled()
}
