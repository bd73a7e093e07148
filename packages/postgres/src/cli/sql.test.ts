import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { tidemark } from '../../test/command.js'
import { tables } from '../../test/world.js'
import { kitSql, migrationFor } from '../index.js'
import { installedBySql } from './installed.js'

let directory = ''
beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'tidemark-sql-'))
})
afterAll(() => rm(directory, { recursive: true }))

test('the migration is the kit and one statement a table', async () => {
  const { code, out } = await tidemark('sql', '--schema', 'appSchema.ts', '--migrations', directory)
  expect(code).toBe(0)
  expect(out).toContain(kitSql().trimEnd())
  expect(out.match(/^select tidemark\.install.*$/gm)).toEqual([
    `select tidemark.install('public.notes', key => '{id}', owner => 'user_id');`,
    `select tidemark.install('public.docs', key => '{id}', scopes => '[{"table":"public.members","column":"doc_id","owner":"user_id"}]');`,
    `select tidemark.install('public.members', key => '{doc_id,user_id}', owner => 'user_id');`,
    `select tidemark.install('public.settings', key => '{user_id,name}', owner => 'user_id');`,
  ])
})

test('a second run after a table was added prints only that, and a third one nothing', async () => {
  const { notes, docs, members, settings } = tables
  await writeFile(path.join(directory, '1_first.sql'), migrationFor({ docs, members, settings }))
  const second = await tidemark('sql', '--schema', 'appSchema.ts', '--migrations', directory)
  expect(second.out).toBe(`select tidemark.install('public.notes', key => '{id}', owner => 'user_id');\n`)
  await writeFile(path.join(directory, '2_second.sql'), second.out.replaceAll('\n', '\r\n'))
  const third = await tidemark('sql', '--schema', 'appSchema.ts', '--migrations', directory)
  expect(third).toEqual({ code: 0, out: '', note: 'Nothing is new.\n' })
  expect(migrationFor({ notes }, installedBySql(second.out))).toContain('create schema')
})

test('a table whose declaration has changed is printed again; one that is gone is named', async () => {
  const { notes, docs } = tables
  await writeFile(
    path.join(directory, '3_third.sql'),
    `select tidemark.install('public.notes', key => '{id}');\n`,
  )
  await writeFile(
    path.join(directory, '4_fourth.sql'),
    `select tidemark.install('public.old', key => '{id}');\n`,
  )
  const { out, note } = await tidemark('sql', '--schema', 'appSchema.ts', '--migrations', directory)
  expect(out).toBe(`select tidemark.install('public.notes', key => '{id}', owner => 'user_id');\n`)
  expect(note).toContain(`select tidemark.uninstall('public.old');`)
  expect(migrationFor({ notes, docs })).not.toContain('"owner"')
})

test('after the way back everything is new again', async () => {
  const { out: down } = await tidemark('sql', '--down')
  expect(down).toContain('drop schema if exists tidemark cascade;')
  expect(installedBySql(`${migrationFor(tables)}\n${down}`)).toEqual({ kit: undefined, tables: new Map() })
})

test('names keep their meaning in SQL, whatever stands in them', () => {
  const name = `a'b"c`
  const table = { ...tables.notes, name, key: ['x"y', 'plain'], owner: `o'w` }
  expect(migrationFor({ table } as never)).toContain(
    `select tidemark.install('public."a''b""c"', key => '{"x\\"y",plain}', owner => 'o''w');`,
  )
})

test('what cannot be done is said with a code and the next step', async () => {
  expect(await tidemark('sql', '--schema', 'nowhere.ts')).toMatchObject({ code: 2, out: '' })
  expect((await tidemark('sql', '--schema', 'command.ts')).note).toMatch(/exports no schema/)
  expect((await tidemark('sql', '--schema', 'appSchema.ts', '--migrations', 'nowhere')).note).toMatch(
    /not there/,
  )
  expect((await tidemark('constructor')).note).toMatch(/tidemark help/)
  expect((await tidemark('sql', '--nonsense')).note).toMatch(/tidemark help/)
  expect((await tidemark('help')).out).toMatch(/tidemark sql/)
})
