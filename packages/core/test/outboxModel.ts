import fc from 'fast-check'
import type { Columns } from '../src/base/json.js'
import type { Mutation } from '../src/outbox/mutation.js'
import { keyId, type Key } from '../src/schema/key.js'

/** What a server does with one write; it refuses what does not fit its keys and references. */
export interface Write {
  readonly table: string
  readonly key: Key
  readonly op: Mutation['op']
  readonly columns: Columns
}

/** Two tables, of which the second refers to the first (`list_id`), as Postgres keeps them: no reference may hang. */
export class ModelServer {
  readonly rows: Map<string, Columns>

  constructor(rows: Iterable<readonly [string, Columns]> = []) {
    this.rows = new Map(rows)
  }

  /** @throws Error when Postgres would refuse the write, or when it would change no row. */
  apply(write: Write): void {
    const refusal = this.refusal(write)
    if (refusal !== undefined) throw new Error(`${write.op} ${nameOf(write)}: ${refusal}`)
    const name = nameOf(write)
    if (write.op === 'delete') this.rows.delete(name)
    else this.rows.set(name, { ...this.rows.get(name), ...write.columns })
  }

  /** Why the write would be refused; `undefined` when it would not. */
  refusal(write: Write): string | undefined {
    const isThere = this.rows.has(nameOf(write))
    if (write.op === 'insert' && isThere) return 'the key exists'
    if (write.op !== 'insert' && !isThere) return 'there is no such row'
    if (write.op === 'delete') return this.#isReferred(write) ? 'it is still referred to' : undefined
    const list = write.columns['list_id']
    return typeof list === 'string' && !this.rows.has(`lists/${list}`) ? 'there is no such list' : undefined
  }

  #isReferred({ table, key }: Write): boolean {
    return table === 'lists' && [...this.rows.values()].some(({ list_id }) => list_id === key)
  }
}

const nameOf = ({ table, key }: Pick<Write, 'table' | 'key'>): string => `${table}/${keyId(key)}`

/** What somebody tries to do, whether or not it is possible. */
interface Attempt extends Write {
  /** It begins a group with the attempts that follow, this many of them. */
  readonly group: number
}

const lists = fc.constantFrom('L1', 'L2', 'L3')
const title = fc.constantFrom('a', 'b')
const attempt = (table: string, key: fc.Arbitrary<string>, columns: fc.Arbitrary<Columns>) =>
  fc.record({
    table: fc.constant(table),
    key,
    op: fc.constantFrom('insert' as const, 'update' as const, 'update' as const, 'delete' as const),
    columns,
    group: fc.oneof({ arbitrary: fc.constant(0), weight: 4 }, { arbitrary: fc.nat(3), weight: 1 }),
  })

const attempts: fc.Arbitrary<Attempt[]> = fc.array(
  fc.oneof(
    attempt('lists', lists, fc.record({ title, color: title }, { requiredKeys: ['title'] })),
    attempt(
      'tasks',
      fc.constantFrom('T1', 'T2', 'T3'),
      fc.oneof(
        fc.record({ title }),
        fc.record({ list_id: fc.option(lists) }),
        fc.record({ list_id: lists, title }),
      ),
    ),
  ),
  { maxLength: 24, size: 'max' },
)

const rowsBefore = fc
  .subarray(['L1', 'L2', 'T1', 'T2'])
  .map((keys) =>
    keys.map((id): [string, Columns] =>
      id.startsWith('L')
        ? [`lists/${id}`, { id, title: 'old' }]
        : [
            `tasks/${id}`,
            { id, title: 'old', list_id: keys.includes(`L${id.slice(1)}`) ? `L${id.slice(1)}` : null },
          ],
    ),
  )

/** What a device has written while it was offline, all of it possible in its order. */
export interface Offline {
  /** The server's rows when it went offline. */
  readonly before: readonly (readonly [string, Columns])[]
  readonly mutations: readonly Mutation[]
  /** The server's rows when every write has been sent one by one. */
  readonly after: ReadonlyMap<string, Columns>
}

/** Queues of a device that was offline. */
export const offlineQueues: fc.Arbitrary<Offline> = fc
  .tuple(rowsBefore, attempts)
  .map(([before, tried]): Offline => {
    const server = new ModelServer(before)
    const mutations: Mutation[] = []
    let group: { name: string; left: number } | undefined
    tried.forEach((one, at) => {
      group =
        group && group.left > 0 ? group : one.group > 0 ? { name: `g${at}`, left: one.group } : undefined
      const columns = one.op === 'insert' ? { id: one.key, ...one.columns } : one.columns
      const { table, key, op } = one
      const write = { table, key, op, columns: op === 'delete' ? {} : columns }
      if (server.refusal(write) !== undefined) return
      server.apply(write)
      if (group) group.left -= 1
      mutations.push(mutation({ ...write, id: `m${at}`, at, group: group?.name }))
    })
    return { before, mutations, after: server.rows }
  })

let made = 0
/** A mutation of a task, or of what is said. */
export const mutation = ({
  columns = {},
  ...said
}: Partial<Mutation> & { readonly columns?: Columns }): Mutation => ({
  id: `made-${(made += 1)}`,
  table: 'tasks',
  key: 'T1',
  op: 'update',
  patch: columns,
  at: made,
  ...said,
})
