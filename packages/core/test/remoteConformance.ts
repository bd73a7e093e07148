import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ChannelState, RemoteEvent, SelectRequest, SessionUser, Transport } from '../src/index.js'
import { RemoteError } from '../src/index.js'
import type { Columns } from '../src/base/json.js'
import { marks, notes } from './conformanceTables.js'
import { until } from './world.js'

export interface Person {
  readonly id: string
  readonly remote: Transport
}

/** What the network and the server do until `mend`. */
export type Trouble = 'unreachable' | 'answers are lost' | 'busy'

/** A project with the tables of `conformanceTables.ts`, and two users who are signed in to it. */
export interface ConformanceWorld {
  readonly ada: Person
  readonly ben: Person
  /** Makes requests for rows fail. */
  trouble(kind: Trouble): void
  mend(): void
  /** Lets a token that was given just now end within so many ms, and all that were given before it. */
  endTokens(delay: number): void
  /** Closes the connections that tell of changes; new ones are accepted. */
  dropSockets(): void
  signOut(person: Person): Promise<void>
  stop(): Promise<void>
}

type Note = { readonly id: string } & Columns
const byRank: SelectRequest['order'] = [
  ['rank', 'asc'],
  ['id', 'asc'],
]
const byId: SelectRequest['order'] = [['id', 'asc']]

const note = (owner: Person, columns: Columns = {}): Note => ({
  id: crypto.randomUUID(),
  user_id: owner.id,
  title: 'Tea',
  ...columns,
})
const ids = (rows: readonly Columns[]): unknown[] => rows.map(({ id }) => id)
const sorted = (rows: readonly Columns[]): unknown[] => ids(rows).sort()

async function failureOf(work: Promise<unknown>): Promise<RemoteError> {
  const error = await work.then(
    (value) => new Error(`It resolved with ${JSON.stringify(value)}`),
    (reason: unknown) => reason,
  )
  if (!(error instanceof RemoteError)) throw error
  return error
}

/** The contract of a Remote: every implementation passes it. `makeWorld` makes a fresh project. */
export function remoteConformance(name: string, makeWorld: () => Promise<ConformanceWorld>): void {
  describe(`${name} keeps the contract of a remote:`, () => {
    let world: ConformanceWorld
    beforeAll(async () => {
      world = await makeWorld()
    })
    afterAll(() => world.stop())
    reading(() => world)
    writing(() => world)
    refusing(() => world)
    failing(() => world)
    telling(() => world)
    signing(() => world)
  })
}

function reading(world: () => ConformanceWorld): void {
  test('pages by key hold every row once, in order, whatever ties there are', async () => {
    const { ada } = world()
    const made = Array.from({ length: 25 }, (_, index) => note(ada, { title: 'page', rank: index % 3 }))
    await ada.remote.insert(notes, made)
    const pages: Columns[][] = []
    let after: Columns | undefined
    do {
      const page: Columns[] = await ada.remote.select({
        table: notes,
        where: { title: 'page' },
        order: byRank,
        limit: 7,
        ...(after && { after }),
      })
      pages.push(page)
      after = page.at(-1)
    } while (pages.at(-1)?.length === 7)
    const expected = made.toSorted((a, b) => Number(a.rank) - Number(b.rank) || (a.id < b.id ? -1 : 1))
    expect(pages.map((page) => page.length)).toEqual([7, 7, 7, 4])
    expect(ids(pages.flat())).toEqual(ids(expected))
  })

  test('a position in time is kept to the last digit', async () => {
    const { ada } = world()
    const made = await ada.remote.insert(
      notes,
      Array.from({ length: 40 }, () => note(ada, { title: 'time' })),
    )
    const order = [['updated_at', 'asc'] as const, ['id', 'asc'] as const]
    const select = (after?: Columns) =>
      ada.remote.select({
        table: notes,
        where: { title: 'time' },
        order,
        limit: 100,
        ...(after && { after }),
      })
    const all = await select()
    expect(all).toHaveLength(made.length)
    for (const index of [0, 17, 38]) {
      const { updated_at, id } = all[index] ?? {}
      expect(ids(await select({ updated_at, id }))).toEqual(ids(all.slice(index + 1)))
    }
  })

  test('filters mean what they say, also for nulls and for text that looks like grammar', async () => {
    const { ada } = world()
    const odd = 'a,b.(c) "d" \\ or(x.eq.1) 100% *'
    const [early, late, none] = [
      note(ada, { title: odd, rank: 1, remind_at: '2026-01-01T00:00:00Z' }),
      note(ada, { title: odd, rank: 2, remind_at: '2026-06-01T00:00:00Z' }),
      note(ada, { title: odd, rank: 3 }),
    ]
    await ada.remote.insert(notes, [early, late, none])
    const found = async (where: SelectRequest['where']) =>
      ids(
        await ada.remote.select({
          table: notes,
          where: { and: [{ title: odd }, where ?? {}] },
          order: byRank,
          limit: 10,
        }),
      )
    expect(await found({})).toEqual(ids([early, late, none]))
    expect(await found({ remind_at: null })).toEqual([none.id])
    expect(await found({ remind_at: { gte: '2026-02-01T00:00:00Z' } })).toEqual([late.id])
    expect(await found({ rank: { gt: 1, lt: 3 } })).toEqual([late.id])
    expect(await found({ rank: { in: [1, 3] } })).toEqual(ids([early, none]))
    expect(await found({ rank: { in: [] } })).toEqual([])
    expect(await found({ or: [{ rank: 1 }, { remind_at: null }] })).toEqual(ids([early, none]))
    expect(await found({ not: { rank: { lte: 1 } } })).toEqual(ids([late, none]))
    expect(await found({ rank: { ne: 2 } })).toEqual(ids([early, none]))
  })

  test('columns, descending order and a limit are kept to', async () => {
    const { ada } = world()
    await ada.remote.insert(
      notes,
      [1, 2, 3].map((rank) => note(ada, { title: 'few', rank })),
    )
    const rows = await ada.remote.select({
      table: notes,
      columns: ['title', 'rank'],
      where: { title: 'few' },
      order: [['rank', 'desc']],
      limit: 2,
    })
    expect(rows).toEqual([
      { title: 'few', rank: 3 },
      { title: 'few', rank: 2 },
    ])
  })

  test('a user reads only what the policies show', async () => {
    const { ada, ben } = world()
    const made = [note(ada, { title: 'secret' }), note(ada, { title: 'secret', shared: true })]
    await ada.remote.insert(notes, made)
    const request = { table: notes, where: { title: 'secret' }, order: byId, limit: 10 }
    expect(sorted(await ada.remote.select(request))).toEqual(sorted(made))
    expect(ids(await ben.remote.select(request))).toEqual([made[1]?.id])
  })
}

function writing(world: () => ConformanceWorld): void {
  test('an insert of many rows resolves with what they became, defaults included', async () => {
    const { ada } = world()
    const made = [note(ada, { rank: 1 }), note(ada)]
    const rows = await ada.remote.insert(notes, made)
    const became = made.map(({ id }) => rows.find((row) => row.id === id))
    expect(rows).toHaveLength(2)
    expect(became).toMatchObject([
      { rank: 1, remind_at: null, shared: false },
      { rank: 7, remind_at: null, shared: false },
    ])
    for (const row of rows) expect(row.updated_at).toEqual(expect.any(String))
  })

  test('an update changes all rows of its keys, and those columns alone', async () => {
    const { ada } = world()
    const made = [note(ada), note(ada), note(ada)]
    const before = await ada.remote.insert(notes, made)
    const [first = '', second = ''] = made.map(({ id }) => id)
    const rows = await ada.remote.update(notes, [first, second], { title: 'Coffee' })
    expect(sorted(rows)).toEqual([first, second].sort())
    const { updated_at: was, ...rest } = before.find(({ id }) => id === first) ?? {}
    const changed = rows.find(({ id }) => id === first)
    expect(changed).toMatchObject({ ...rest, title: 'Coffee' })
    expect(Date.parse(String(changed?.updated_at))).toBeGreaterThanOrEqual(Date.parse(String(was)))
    const [third] = await ada.remote.select({
      table: notes,
      where: { id: made[2]?.id },
      order: byId,
      limit: 1,
    })
    expect(third).toMatchObject({ title: 'Tea' })
  })

  test('rows with compound keys are changed and deleted by the whole key', async () => {
    const { ada } = world()
    const parents = [note(ada), note(ada), note(ada)]
    await ada.remote.insert(notes, parents)
    const keys = parents.map(({ id }) => [id, ada.id] as const)
    await ada.remote.insert(
      marks,
      parents.map(({ id }) => ({ note_id: id, user_id: ada.id, color: 'red' })),
    )
    const changed = await ada.remote.update(marks, keys.slice(0, 2), { color: 'blue' })
    expect(changed.map(({ color }) => color)).toEqual(['blue', 'blue'])
    const removed = await ada.remote.remove(marks, keys.slice(1))
    expect(removed.map(({ note_id }) => note_id).sort()).toEqual(sorted(parents.slice(1)))
  })

  test('a delete may be repeated: it resolves with what it has deleted now', async () => {
    const { ada } = world()
    const made = [note(ada), note(ada)]
    await ada.remote.insert(notes, made)
    const keys = made.map(({ id }) => id)
    expect(sorted(await ada.remote.remove(notes, keys))).toEqual(sorted(made))
    expect(await ada.remote.remove(notes, keys)).toEqual([])
  })

  test('rows that the policies hide are left out of the answer, and as they were', async () => {
    const { ada, ben } = world()
    const made = [note(ada), note(ada, { shared: true })]
    const [own, ...others] = [note(ben), ...made].map(({ id }) => id)
    await ada.remote.insert(notes, made)
    await ben.remote.insert(notes, [note(ben, { id: own })])
    expect(ids(await ben.remote.update(notes, [own ?? '', ...others], { title: 'Mine' }))).toEqual([own])
    expect(await ben.remote.remove(notes, others)).toEqual([])
    const left = await ada.remote.select({
      table: notes,
      where: { id: { in: others } },
      order: byId,
      limit: 9,
    })
    expect(left.map(({ title }) => title)).toEqual(['Tea', 'Tea'])
  })
}

function refusing(world: () => ConformanceWorld): void {
  test('a duplicate key is refused, and the whole request with it', async () => {
    const { ada } = world()
    const [first, second] = [note(ada), note(ada)]
    await ada.remote.insert(notes, [first])
    const error = await failureOf(ada.remote.insert(notes, [second, { ...first, title: 'Again' }]))
    expect(error).toMatchObject({ kind: 'refused', serverCode: '23505' })
    const where = { id: { in: [first.id, second.id] } }
    const rows = await ada.remote.select({ table: notes, where, order: byId, limit: 9 })
    expect(rows).toMatchObject([{ id: first.id, title: 'Tea' }])
  })

  test.each([
    ['a check', { title: '' }, '23514'],
    ['a missing value', { title: null }, '23502'],
    ['a value of the wrong kind', { rank: 'high' }, '22P02'],
    ['a policy', { user_id: '00000000-0000-4000-8000-000000000000' }, '42501'],
    ['a column that is not there', { colour: 'red' }, 'PGRST204'],
  ])('%s refuses an insert', async (_what, columns, serverCode) => {
    const { ada } = world()
    const error = await failureOf(ada.remote.insert(notes, [note(ada, columns)]))
    expect(error).toMatchObject({ kind: 'refused', code: 'refused', serverCode })
  })

  test('a check refuses an update, and nothing of it is done', async () => {
    const { ada } = world()
    const made = [note(ada), note(ada)]
    await ada.remote.insert(notes, made)
    const keys = made.map(({ id }) => id)
    const error = await failureOf(ada.remote.update(notes, keys, { title: '' }))
    expect(error).toMatchObject({ kind: 'refused', serverCode: '23514' })
  })

  test('a row whose parent is missing is refused', async () => {
    const { ada } = world()
    const orphan = { note_id: crypto.randomUUID(), user_id: ada.id, color: 'red' }
    const error = await failureOf(ada.remote.insert(marks, [orphan]))
    expect(error).toMatchObject({ kind: 'refused', serverCode: '23503' })
  })
}

function failing(world: () => ConformanceWorld): void {
  test.each([
    ['unreachable', { kind: 'retry', status: 0, code: 'offline' }],
    ['answers are lost', { kind: 'retry', status: 0, code: 'offline' }],
    ['busy', { kind: 'retry', status: 503, code: 'server-busy' }],
  ] as const)('%s: every request says at once that it may be tried again', async (trouble, expected) => {
    const { ada, mend } = world()
    const [row] = [note(ada)]
    world().trouble(trouble)
    const started = Date.now()
    const requests = [
      () => ada.remote.select({ table: notes, order: byId, limit: 1 }),
      () => ada.remote.insert(notes, [row]),
      () => ada.remote.update(notes, [row.id], { title: 'New' }),
      () => ada.remote.remove(notes, [row.id]),
    ]
    for (const request of requests) expect(await failureOf(request())).toMatchObject(expected)
    expect(Date.now() - started).toBeLessThan(1_000)
    mend()
    expect(await ada.remote.select({ table: notes, where: { id: row.id }, order: byId, limit: 1 })).toEqual(
      [],
    )
  })

  test('an insert whose answer was lost is known by its key', async () => {
    const { ada, mend } = world()
    const row = note(ada)
    world().trouble('answers are lost')
    expect(await failureOf(ada.remote.insert(notes, [row]))).toMatchObject({ kind: 'retry' })
    mend()
    expect(await failureOf(ada.remote.insert(notes, [row]))).toMatchObject({ serverCode: '23505' })
  })

  test('R8: an expired token asks for a sign-in, and a refresh is enough', async () => {
    const { ada, ben } = world()
    const row = note(ada)
    world().endTokens(0)
    expect(await failureOf(ada.remote.insert(notes, [row]))).toMatchObject({
      kind: 'sign-in',
      code: 'sign-in',
    })
    expect(await Promise.all([ada.remote.refresh(), ben.remote.refresh()])).toEqual([true, true])
    expect(await ada.remote.insert(notes, [row])).toHaveLength(1)
  })
}

/** A channel of a user, with all that it tells. `scoped`: only the user's own rows. */
async function listen({ id, remote }: Person, scoped = true) {
  const events: RemoteEvent[] = []
  const states: ChannelState[] = []
  const tables = [notes, marks].map((table) => ({ table, ...(scoped && { owner: id }) }))
  const stop = remote.channel('conformance', tables, {
    event: (event) => events.push(event),
    state: (state) => states.push(state),
  })
  const joined = (): number => states.filter((state) => state === 'joined').length
  await until('the channel is joined', () => states.at(-1) === 'joined')
  const heard = (key: string) =>
    events.filter((event) => (event.type === 'write' ? event.row.id === key : event.key.id === key))
  return { events, states, joined, heard, stop }
}

function telling(world: () => ConformanceWorld): void {
  test('writes are told with their rows, deletes with their keys, in their order', async () => {
    const { ada } = world()
    const { heard, states, stop } = await listen(ada)
    const row = note(ada)
    const told = (count: number) => until(`${count} are told`, () => heard(row.id).length >= count)
    // One after the other: a row that is gone when its turn comes is not told.
    const [inserted] = await ada.remote.insert(notes, [row])
    await told(1)
    const [updated] = await ada.remote.update(notes, [row.id], { title: 'Coffee' })
    await told(2)
    await ada.remote.remove(notes, [row.id])
    await told(3)
    const [first, second, third] = heard(row.id)
    const comparable = ({ updated_at, ...rest }: Columns) => ({ ...rest, at: Date.parse(String(updated_at)) })
    expect(first?.type === 'write' && comparable(first.row)).toEqual(comparable(inserted ?? {}))
    expect(second?.type === 'write' && comparable(second.row)).toEqual(comparable(updated ?? {}))
    expect(third).toEqual({ type: 'delete', table: 'notes', key: { id: row.id } })
    expect(states[0]).toBe('joining')
    stop()
  })

  test('deletes of compound keys tell the whole key', async () => {
    const { ada } = world()
    const { events, stop } = await listen(ada)
    const parent = note(ada)
    await ada.remote.insert(notes, [parent])
    await ada.remote.insert(marks, [{ note_id: parent.id, user_id: ada.id, color: 'red' }])
    await ada.remote.remove(marks, [[parent.id, ada.id]])
    const expected = { type: 'delete', table: 'marks', key: { note_id: parent.id, user_id: ada.id } }
    await until('the delete is told', () =>
      events.some(({ type, table }) => type === 'delete' && table === 'marks'),
    )
    expect(events).toContainEqual(expected)
    stop()
  })

  test('a channel tells of the rows that the policies show, and of no others', async () => {
    const { ada, ben } = world()
    const [all, own] = [await listen(ben, false), await listen(ben)]
    const [secret, shared, bens] = [note(ada), note(ada, { shared: true }), note(ben)]
    await ada.remote.insert(notes, [secret, shared])
    await ben.remote.insert(notes, [bens])
    await until('the last one is told', () => all.heard(bens.id).length > 0 && own.heard(bens.id).length > 0)
    expect(all.heard(shared.id)).toHaveLength(1)
    expect(all.heard(secret.id)).toEqual([])
    expect([...own.heard(shared.id), ...own.heard(secret.id)]).toEqual([])
    all.stop()
    own.stop()
  })

  test('a lost connection is told, and comes back by itself', async () => {
    const { ada } = world()
    const { states, joined, heard, stop } = await listen(ada)
    const before = joined()
    world().dropSockets()
    await until('the loss is told', () => states.includes('lost'))
    await until('it is joined again', () => joined() > before && states.at(-1) === 'joined')
    const row = note(ada)
    await ada.remote.insert(notes, [row])
    await until('a row is told again', () => heard(row.id).length > 0)
    stop()
  })

  test(
    'R8: a channel that was closed with its token’s end comes back with a new one',
    { timeout: 30_000 },
    async () => {
      const { ada } = world()
      await ada.remote.refresh()
      world().endTokens(3_000)
      const { states, heard, stop } = await listen(ada)
      await until('the loss is told', () => states.includes('lost'))
      await until('it is joined again', () => states.at(-1) === 'joined')
      const row = note(ada)
      await ada.remote.insert(notes, [row])
      await until('a row is told again', () => heard(row.id).length > 0)
      stop()
    },
  )

  test('a stopped channel tells nothing more', async () => {
    const { ada } = world()
    const [stopped, running] = [await listen(ada), await listen(ada)]
    const said = stopped.states.length
    stopped.stop()
    const row = note(ada)
    await ada.remote.insert(notes, [row])
    await until('the other one is told', () => running.heard(row.id).length > 0)
    expect(stopped.heard(row.id)).toEqual([])
    expect(stopped.states).toHaveLength(said)
    running.stop()
  })
}

/** The last ones: afterwards a user is signed out. */
function signing(world: () => ConformanceWorld): void {
  test('R8: the signed-in user is told at once, again after a refresh, and as no one after the sign-out', async () => {
    const { ben, signOut } = world()
    await ben.remote.refresh()
    const users: SessionUser[] = []
    const subscription = ben.remote.session$.subscribe((user) => users.push(user))
    await until('the user is told', () => users.length === 1)
    expect(await ben.remote.refresh()).toBe(true)
    await until('the refresh is told', () => users.length === 2)
    await signOut(ben)
    await until('the sign-out is told', () => users.length === 3)
    expect(users).toEqual([ben.id, ben.id, undefined])
    subscription.unsubscribe()
    expect(await ben.remote.refresh()).toBe(false)
    const request = { table: notes, order: byId, limit: 1 }
    expect(await failureOf(ben.remote.select(request))).toMatchObject({ kind: 'sign-in' })
  })
}
