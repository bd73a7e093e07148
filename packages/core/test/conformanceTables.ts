import { z } from 'zod'
import { defineTable } from '../src/index.js'

/** Rows that belong to one user; others may see those that are shared, and change none. */
export const notes = defineTable({
  name: 'notes',
  row: z.object({
    id: z.uuid(),
    user_id: z.uuid(),
    title: z.string().min(1),
    rank: z.number().default(0),
    shared: z.boolean().default(false),
    remind_at: z.string().nullable(),
    updated_at: z.string(),
  }),
  key: 'id',
  owner: 'user_id',
})

/** A table with a compound key. */
export const marks = defineTable({
  name: 'marks',
  row: z.object({ note_id: z.uuid(), user_id: z.uuid(), color: z.string(), updated_at: z.string() }),
  key: ['note_id', 'user_id'],
  owner: 'user_id',
})

/** The tables on a Supabase. */
export const tablesSql = `
create table notes (
  id uuid primary key,
  user_id uuid not null,
  title text not null check (title <> ''),
  rank int not null default 7,
  shared boolean not null default false,
  remind_at timestamptz,
  updated_at timestamptz not null default clock_timestamp()
);
create table marks (
  note_id uuid references notes on delete cascade,
  user_id uuid,
  color text not null,
  updated_at timestamptz not null default clock_timestamp(),
  primary key (note_id, user_id)
);
create function touch() returns trigger language plpgsql as $$
begin
  new.updated_at = clock_timestamp();
  return new;
end $$;
create trigger touch before update on notes for each row execute function touch();
create trigger touch before update on marks for each row execute function touch();
alter table notes enable row level security;
alter table marks enable row level security;
create policy own on notes to authenticated using (user_id = (select auth.uid()));
create policy shared on notes for select to authenticated using (shared);
create policy own on marks to authenticated using (user_id = (select auth.uid()));
alter publication supabase_realtime add table notes, marks;
`
