import { z } from 'zod'
import { BehaviorSubject, of } from 'rxjs'
import {
  browserPorts,
  createTidemark,
  defineSchema,
  defineTable,
  type Ports,
  type Tidemark,
} from '../src/index.js'
import { MemoryRemote } from './memoryRemote.js'

export const lists = defineTable({
  name: 'lists',
  row: z.object({
    id: z.string(),
    user_id: z.string(),
    title: z.string().min(1),
    color: z.string().default('blue'),
    updated_at: z.string(),
  }),
  key: 'id',
  owner: 'user_id',
  indexes: ['title'],
  guards: { delete: (row) => (row.title === 'Inbox' ? 'The inbox cannot be deleted.' : undefined) },
})
export const tasks = defineTable({
  name: 'tasks',
  row: z.object({
    id: z.string(),
    list_id: z.string(),
    done: z.boolean().default(false),
    rank: z.number().default(0),
    updated_at: z.string(),
  }),
  key: 'id',
  indexes: ['list_id', 'rank'],
})
export const schema = defineSchema({ version: 1, tables: { lists, tasks } })
export type Tide = Tidemark<(typeof schema)['tables']>

export interface World {
  readonly remote: MemoryRemote
  readonly online$: BehaviorSubject<boolean>
  readonly ports: Ports
  readonly name: string
  /** Makes another tab of the same device. */
  tab(): Tide
}

/** A device with a network that can be cut, and a server of its own. Locks are held by whoever asks first. */
export function makeWorld(remote = new MemoryRemote(), name = `t${crypto.randomUUID()}`): World {
  const online$ = new BehaviorSubject(true)
  const locks = new Map<string, Promise<void>>()
  const ports: Ports = {
    ...browserPorts,
    online$,
    visible$: of(true),
    random: () => 0.01,
    lock: (lock, signal, held) => {
      const turn = (locks.get(lock) ?? Promise.resolve()).then(() => (signal.aborted ? undefined : held()))
      locks.set(lock, turn)
      return turn
    },
  }
  return { remote, online$, ports, name, tab: () => createTidemark({ name, schema, remote, ports }) }
}

/** Waits until `check` holds; fails with its name after 5 s. */
export async function until(what: string, check: () => boolean): Promise<void> {
  const end = Date.now() + 5_000
  while (!check()) {
    if (Date.now() > end) throw new Error(`It did not come to pass: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}
