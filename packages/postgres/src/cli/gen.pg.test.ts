import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { tidemark } from '../../test/command.js'
import { startDatabase, type TestDatabase } from '../../test/database.js'
import { schema, tables } from '../../test/world.js'
import { loadSchema } from './loadSchema.js'

let database: TestDatabase
let directory = ''
let file = ''
const gen = (...more: string[]) => tidemark('gen', '--url', database.ownerUrl, '--out', file, ...more)

beforeAll(async () => {
  database = await startDatabase(schema, tables)
  await database.sql(`
    create type public.mood as enum ('so so', 'it''s "fine"');
    create table public."Odd Things" (
      "the key" bigint generated always as identity primary key, mood public.mood not null default 'so so', moods public.mood[],
      short varchar(7) not null default 'it''s', price numeric(10, 2) not null default 1.50, on_day date, at timestamptz not null default now(),
      twice numeric generated always as (price * 2) stored, "class" text, is_on boolean not null default true, spot point
    );
    create index on public."Odd Things" (mood, on_day);
    create index on public."Odd Things" (short);
    create index on public."Odd Things" (price) where is_on;`)
  // Within the package, so that what is written finds the modules that it imports.
  directory = await mkdtemp(fileURLToPath(new URL('../../test/generated-', import.meta.url)))
  file = path.join(directory, 'schema.ts')
})
afterAll(async () => {
  await rm(directory, { recursive: true })
  await database.stop()
})

test('what is written is a schema that loads: rows, keys, enums, generated columns, indexes and owners', async () => {
  expect(await gen()).toMatchObject({ code: 0 })
  const text = await readFile(file, 'utf8')
  expect(text).toContain(`export const mood = z.enum(['so so', 'it\\'s "fine"'])`)
  const { oddThings, notes, settings, docs } = (await loadSchema(file, '/')) as any
  expect(oddThings).toMatchObject({
    name: 'Odd Things',
    key: ['the key'],
    owner: undefined,
    generated: ['the key', 'twice'],
    indexes: ['[mood+on_day]', 'short'],
  })
  const row = {
    'the key': 1,
    mood: 'so so',
    moods: ['it\'s "fine"'],
    short: 'x',
    price: 1.5,
    on_day: null,
    at: '2026-01-01T00:00:00+00:00',
    twice: 3,
    class: null,
    is_on: true,
    spot: '(1,2)',
  }
  expect(oddThings.row.parse(row)).toEqual(row)
  expect(oddThings.row.safeParse({ ...row, short: 'far too long' }).success).toBe(false)
  const { mood: _mood, short: _short, price: _price, is_on: _on, ...rest } = row
  expect(oddThings.row.parse(rest)).toMatchObject({ mood: 'so so', short: "it's", price: 1.5, is_on: true })
  expect([notes.owner, settings.owner, docs.owner]).toEqual(['user_id', 'user_id', undefined])
  expect([settings.key, Object.keys(notes.row.shape).includes('sync_xid')]).toEqual([
    ['user_id', 'name'],
    false,
  ])
})

test('real rows of the database fit what is written', async () => {
  await database.sql(`insert into "Odd Things" (moods, spot) values ('{so so}', '(1,2)')`)
  await database.sql(`insert into notes (user_id, title) values (gen_random_uuid(), 'one')`)
  const { notes, oddThings } = (await loadSchema(file, '/')) as any
  for (const [table, name] of [
    [notes, 'notes'],
    [oddThings, '"Odd Things"'],
  ]) {
    const [{ row }] = await database.sql(
      `select to_jsonb(t) - '{sync_xid,sync_seq}'::text[] as row from ${name} t`,
    )
    expect(table.row.parse(row)).toEqual(row)
  }
})

test('a second run changes nothing, and what was written by hand is kept', async () => {
  const first = await readFile(file, 'utf8')
  expect((await gen()).note).toMatch(/is as the database is/)
  expect(await readFile(file, 'utf8')).toBe(first)
  const byHand = first
    .replace(
      'defineTable({ ...notesFound })',
      `defineTable({ ...notesFound, guards: { delete: () => 'Never.' } })`,
    )
    .concat('\nexport const mine = 1\n')
  await writeFile(file, byHand)
  await database.sql(
    'alter table notes add column extra text; create table public.later (id uuid primary key)',
  )
  const { note } = await gen()
  expect(note).toMatch(/New: later/)
  const text = await readFile(file, 'utf8')
  expect(text).toContain(`guards: { delete: () => 'Never.' }`)
  expect(text).toContain('export const mine = 1')
  expect(text).toContain('extra: z.string().nullable()')
  expect(text.indexOf('laterFound })')).toBeLessThan(text.indexOf('export const schema'))
  expect((await gen()).note).toMatch(/is as the database is/)
})

test('a file that somebody else has written is left alone', async () => {
  const other = path.join(directory, 'other.ts')
  await writeFile(other, 'export const a = 1\n')
  expect(await tidemark('gen', '--url', database.ownerUrl, '--out', other)).toMatchObject({ code: 2 })
  expect(await readFile(other, 'utf8')).toBe('export const a = 1\n')
})
