import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startTestServer, type TestServer } from '../test/testServer.js'
import { migrate } from './migrations.js'
import { connected } from './postgres/connected.js'

let server: TestServer
let home: string
beforeAll(async () => {
  server = await startTestServer('select 1')
})
beforeEach(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'tidemark-migrations-'))
  await server.sql('drop table if exists public.steps')
  await server.sql('truncate supabase_migrations.schema_migrations, supabase_migrations.seed_files')
})
afterEach(() => rm(home, { recursive: true }))
afterAll(() => server.stop())

/** Writes files by their paths and gives the directories they lie in. */
async function files(contents: Record<string, string>): Promise<string[]> {
  for (const [name, sql] of Object.entries(contents)) {
    await mkdir(path.dirname(path.join(home, name)), { recursive: true })
    await writeFile(path.join(home, name), sql)
  }
  return [...new Set(Object.keys(contents).map((name) => path.join(home, path.dirname(name))))]
}

const run = (migrations: string[], seed: string[] = []) =>
  connected(server.databaseUrl, (client) => migrate(client, { migrations, seed }))
const steps = async () =>
  (await server.sql<{ step: string }>('select step from steps')).map(({ step }) => step)

describe('migrations', () => {
  it('run in order of file name over all directories, once each', async () => {
    const directories = await files({
      'b/20240102_second.sql': "insert into steps values ('second')",
      'a/20240101_first.sql': "create table public.steps (step text); insert into steps values ('first')",
      'a/20240103_third.sql': "insert into steps values ('third')",
      'a/notes.txt': 'not sql',
    })
    expect(await run(directories)).toEqual([
      '20240101_first.sql',
      '20240102_second.sql',
      '20240103_third.sql',
    ])
    expect(await run(directories)).toEqual([])
    expect(await steps()).toEqual(['first', 'second', 'third'])
    await files({ 'b/20240104_fourth.sql': "insert into steps values ('fourth')" })
    expect(await run(directories)).toEqual(['20240104_fourth.sql'])
    const recorded = await server.sql(
      'select version, name from supabase_migrations.schema_migrations order by 1',
    )
    expect(recorded[0]).toEqual({ version: '20240101', name: 'first' })
  })

  it('that fail name the file and the place, and keep nothing of the file', async () => {
    const directories = await files({
      '1_good.sql': 'create table public.steps (step text)',
      '2_bad.sql': "insert into steps values ('ä');\nselect 1;\n  selekt 2",
    })
    const failing = run(directories)
    await expect(failing).rejects.toMatchObject({ code: 'migration-failed' })
    await expect(failing).rejects.toThrow(/2_bad\.sql:3:3: syntax error at or near "selekt" \(42601\)/)
    expect(await steps()).toEqual([])
    await files({ '2_bad.sql': "insert into steps values ('mended')" })
    expect(await run(directories)).toEqual(['2_bad.sql'])
  })

  it('do not leave their settings behind for the next one', async () => {
    const directories = await files({
      '1_dump.sql': "create table public.steps (step text); select set_config('search_path', '', false)",
      '2_plain.sql': "insert into steps values ('found')",
    })
    await run(directories)
    expect(await steps()).toEqual(['found'])
  })

  it('with the same version are refused before any is run', async () => {
    const directories = await files({ '1_a.sql': 'create table public.steps ()', '1_b.sql': 'select 1' })
    await expect(run(directories)).rejects.toThrow('another file has its version')
    expect(await server.sql(`select to_regclass('public.steps') as found`)).toEqual([{ found: null }])
  })

  it('that are not there are named by their full path', async () => {
    const missing = path.join(home, 'nowhere')
    await expect(run([missing])).rejects.toMatchObject({ code: 'migrations-missing' })
    await expect(run([missing])).rejects.toThrow(missing)
    await expect(run([], [path.join(missing, 'seed.sql')])).rejects.toMatchObject({
      code: 'migrations-missing',
    })
  })

  it('are followed by seeds, which run once too', async () => {
    const directories = await files({
      'm/1_table.sql': 'create table public.steps (step text)',
      'seed.sql': "insert into steps values ('seed')",
    })
    const seed = [path.join(home, 'seed.sql')]
    expect(await run(directories.slice(0, 1), seed)).toEqual(['1_table.sql', 'seed.sql'])
    expect(await run(directories.slice(0, 1), seed)).toEqual([])
    expect(await steps()).toEqual(['seed'])
  })
})
