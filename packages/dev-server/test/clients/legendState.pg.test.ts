/** Legend-State's Supabase plugin, set up as its documentation says. */
import { observable, syncState, when } from '@legendapp/state'
import { ObservablePersistLocalStorageBase } from '@legendapp/state/persist-plugins/local-storage'
import { syncedSupabase } from '@legendapp/state/sync-plugins/supabase'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Client, startTestServer, type TestServer } from '../testServer.js'

const sql = `
  create table public.messages (
    id uuid primary key, text text, created_at timestamptz default now(), updated_at timestamptz default now(),
    deleted boolean default false
  );
  create function public.handle_times() returns trigger language plpgsql as $$
  begin
    if tg_op = 'INSERT' then new.created_at := now();
    else new.created_at := old.created_at;
    end if;
    new.updated_at := clock_timestamp();
    return new;
  end $$;
  create trigger handle_times before insert or update on public.messages
    for each row execute function public.handle_times();
  alter publication supabase_realtime add table public.messages;`

let server: TestServer
const clients: Client[] = []
const errors: unknown[] = []
beforeAll(async () => {
  server = await startTestServer(sql)
})
beforeEach(() => server.sql('truncate messages'))
afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.removeAllChannels()))
  expect(errors.splice(0)).toEqual([])
})
afterAll(() => server.stop())

/** The columns by which the documentation syncs only what has changed, and removes softly. */
const byTime = {
  changesSince: 'last-sync',
  fieldCreatedAt: 'created_at',
  fieldUpdatedAt: 'updated_at',
  fieldDeleted: 'deleted',
} as const

/** The messages of one device, which have been listed once; what changes from now on is heard. */
async function device(options: { realtime?: unknown; [option: string]: unknown } = {}) {
  const supabase = await server.client()
  clients.push(supabase)
  const messages$ = observable<any>(
    syncedSupabase({
      // Without a generated type of the database the plugin cannot name its tables.
      ...({ supabase, collection: 'messages' } as any),
      realtime: true,
      generateId: () => crypto.randomUUID(),
      onError: (error) => errors.push(error),
      ...options,
    }),
  )
  messages$.get()
  await when(syncState(messages$).isLoaded)
  const expected = options.realtime === false ? [] : ['joined']
  await expect.poll(() => supabase.getChannels().map(({ state }) => state)).toEqual(expected)
  return messages$
}

/** What a browser keeps for a page. */
function storageInMemory() {
  const items = new Map<string, string>()
  return {
    getItem: (key: string) => items.get(key) ?? null,
    setItem: (key: string, value: string) => void items.set(key, value),
    removeItem: (key: string) => void items.delete(key),
  } as Storage
}

const texts = (messages$: { peek(): Record<string, { text: string }> | null }) =>
  Object.values(messages$.peek() ?? {})
    .map(({ text }) => text)
    .sort()
const rows = (columns: string) => server.sql(`select ${columns} from messages order by text`)
const insert = (text: string) =>
  server.sql('insert into messages (id, text) values (gen_random_uuid(), $1)', [text])

describe('Legend-State', () => {
  test('lists what its query selects and its filter lets through', async () => {
    await insert('one')
    await insert('two')
    const messages$ = await device({
      select: (from: any) => from.select('id,text'),
      filter: (select: any) => select.eq('text', 'two'),
      realtime: false,
    })
    expect(Object.values(messages$.peek())).toEqual([{ id: expect.any(String), text: 'two' }])
  })

  test('inserts, takes over what the database filled in, updates and removes', async () => {
    const messages$ = await device()
    const id = crypto.randomUUID()
    messages$[id].set({ id, text: 'new' })
    await expect.poll(() => rows('id, text')).toEqual([{ id, text: 'new' }])
    await expect.poll(() => messages$[id].created_at.peek()).toMatch(/^\d{4}-/)
    messages$[id].text.set('changed')
    await expect.poll(() => rows('text')).toEqual([{ text: 'changed' }])
    messages$[id].delete()
    await expect.poll(() => rows('id')).toEqual([])
  })

  test('removes softly where a column says what is deleted', async () => {
    await insert('old')
    const [first$, second$] = [await device(byTime), await device(byTime)]
    const [id = ''] = Object.keys(first$.peek())
    first$[id].delete()
    await expect.poll(() => rows('text, deleted')).toEqual([{ text: 'old', deleted: true }])
    await expect.poll(() => [texts(first$), texts(second$)]).toEqual([[], []])
  })

  test('hears at once of what another device and the database write', async () => {
    const [first$, second$] = [await device(), await device()]
    const id = crypto.randomUUID()
    first$[id].set({ id, text: 'new' })
    await expect.poll(() => texts(second$)).toEqual(['new'])
    await server.sql(`update messages set text = 'changed'`)
    await expect.poll(() => [texts(first$), texts(second$)]).toEqual([['changed'], ['changed']])
    await insert('other')
    await expect.poll(() => texts(second$)).toEqual(['changed', 'other'])
    await server.sql('delete from messages where id = $1', [id])
    await expect.poll(() => [texts(first$), texts(second$)]).toEqual([['other'], ['other']])
  })

  test('hears only what its realtime filter lets through', async () => {
    const messages$ = await device({ realtime: { filter: 'text=eq.mine' } })
    await insert('theirs')
    await insert('mine')
    await expect.poll(() => texts(messages$)).toEqual(['mine'])
  })

  test('keeps its rows over a restart, and asks only for what has changed since', async () => {
    await insert('old')
    const asked: (number | undefined)[] = []
    const filter = (select: unknown, { lastSync }: { lastSync?: number }) => {
      asked.push(lastSync)
      return select
    }
    const storage = storageInMemory()
    const start = () => {
      const plugin = new ObservablePersistLocalStorageBase(storage)
      return device({ ...byTime, filter, persist: { name: 'messages', plugin, retrySync: true } })
    }
    await start()
    await expect.poll(() => storage.getItem('messages')).toContain('old')
    server.faults.set({ missEvents: 1 })
    await insert('missed')
    const messages$ = await start()
    await expect.poll(() => texts(messages$)).toEqual(['missed', 'old'])
    server.faults.clear()
    const [{ at } = { at: 0 }] = await server.sql<{ at: number }>(
      `select floor(extract(epoch from updated_at) * 1000)::float as at from messages where text = 'old'`,
    )
    expect(asked).toEqual([undefined, at])
  })
})
