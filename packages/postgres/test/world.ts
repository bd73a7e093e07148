import { defineTable, type Tables } from '@tidemark/core'
import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { startDatabase, type TestDatabase } from './database.js'

/** Notes of one owner each; documents that their members see; settings with a key of two columns. */
export const schema = `
create table public.notes (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null default auth.uid(),
  title text not null check (title <> 'bad'),
  n integer not null default 0,
  at bigint not null default 0,
  parent uuid references public.notes on delete cascade deferrable initially deferred,
  updated_at timestamptz not null default now()
);
create table public.docs (id uuid primary key default gen_random_uuid(), title text not null, updated_at timestamptz default now());
create table public.members (
  doc_id uuid not null references public.docs on delete cascade, user_id uuid not null, primary key (doc_id, user_id)
);
create table public.settings (
  user_id uuid not null, name text not null, value jsonb, updated_at timestamptz default now(), primary key (user_id, name)
);
create function public.count_up() returns trigger language plpgsql as $$ begin new.n := old.n + 1; return new; end $$;
create function public.never() returns trigger language plpgsql as $$
begin raise exception 'Not today.' using hint = 'Try tomorrow.', detail = 'It is closed.'; end $$;
create trigger never before insert on public.notes for each row when (new.title = 'never') execute function public.never();
create function public.hurry() returns trigger language plpgsql as $$
begin perform set_config('lock_timeout', '100ms', true); return new; end $$;
create trigger hurry before insert on public.notes for each row when (new.title = 'hurry') execute function public.hurry();
create trigger count_up before update on public.notes for each row when (new.n = -1) execute function public.count_up();
alter table public.notes enable row level security;
alter table public.docs enable row level security;
alter table public.members enable row level security;
alter table public.settings enable row level security;
create policy own on public.notes to authenticated using (user_id = (select auth.uid()));
create policy own on public.members to authenticated using (user_id = (select auth.uid()));
create policy own on public.settings to authenticated using (user_id = (select auth.uid()));
create policy seen on public.docs for select to authenticated using (id in (select doc_id from public.members));
create policy changed on public.docs for update to authenticated using (id in (select doc_id from public.members) and title <> 'locked');
create policy removed on public.docs for delete to authenticated using (id in (select doc_id from public.members) and title <> 'locked');
`

const id = z.uuid()
const updated_at = z.iso.datetime({ offset: true })
export const tables = {
  notes: defineTable({
    name: 'notes',
    key: 'id',
    owner: 'user_id',
    row: z.object({
      id,
      user_id: id,
      title: z.string(),
      n: z.int(),
      at: z.int(),
      parent: id.nullable(),
      updated_at,
    }),
  }),
  docs: defineTable({
    name: 'docs',
    key: 'id',
    scopes: [{ table: 'members', column: 'doc_id' }],
    row: z.object({ id, title: z.string(), updated_at }),
  }),
  members: defineTable({
    name: 'members',
    key: ['doc_id', 'user_id'],
    owner: 'user_id',
    row: z.object({ doc_id: id, user_id: id }),
  }),
  settings: defineTable({
    name: 'settings',
    key: ['user_id', 'name'],
    owner: 'user_id',
    row: z.object({ user_id: id, name: z.string(), value: z.unknown(), updated_at }),
  }),
} satisfies Tables

export const allTables = Object.keys(tables)

export const startWorld = (): Promise<TestDatabase> => startDatabase(schema, tables)

/** A client's copy of the tables, kept by pulls alone; a plain reading of PROTOCOL.md. */
export class Copy {
  readonly rows = new Map<string, Map<string, any>>(allTables.map((name) => [name, new Map()]))
  cookie: string | null = null
  epoch: string | null = null
  /** The answers of the last pull. */
  pages: any[] = []
  readonly #database: TestDatabase
  readonly #user: string | undefined

  constructor(database: TestDatabase, user?: string) {
    this.#database = database
    this.#user = user
  }

  /** @param between what happens after each page */
  async pull(options: object = {}, between?: () => Promise<unknown>): Promise<any[]> {
    const request = { cookie: this.cookie, epoch: this.epoch, tables: allTables, ...options }
    const scopes: { name: string; column: string; values: unknown[] }[] = []
    const delivered = new Set<string>()
    this.pages = []
    let page: unknown = null
    do {
      const answer = await this.#database.call(this.#user, 'tidemark_pull', { request: { ...request, page } })
      this.pages.push(answer)
      for (const [name, part] of Object.entries<any>(answer.tables)) {
        for (const row of part.rows) {
          this.rows.get(name)?.set(keyOf(name, row), row)
          delivered.add(name + keyOf(name, row))
        }
        for (const key of part.gone) this.rows.get(name)?.delete(JSON.stringify([key].flat()))
        for (const scope of part.scopes) scopes.push({ name, ...scope })
      }
      page = answer.page
      if (page !== null) await between?.()
      else [this.cookie, this.epoch] = [answer.cookie, answer.epoch]
    } while (page !== null)
    for (const { name, column, values } of scopes)
      for (const [key, row] of this.rows.get(name) ?? [])
        if (values.includes(row[column]) && !delivered.has(name + key)) this.rows.get(name)?.delete(key)
    return this.pages
  }

  list(name: string): any[] {
    return [...(this.rows.get(name)?.values() ?? [])]
  }

  titles(name = 'notes'): string[] {
    return this.list(name)
      .map((row) => row.title as string)
      .sort()
  }
}

const keyOf = (name: string, row: any): string =>
  JSON.stringify(tables[name as keyof typeof tables].key.map((column) => row[column]))

/** Mutations of one change each, numbered from `first`. */
export const mutations = (first: number, ...changes: object[]) =>
  changes.map((change, index) => ({ id: first + index, changes: [change] }))

export const newId = randomUUID
