import { createClient } from '@supabase/supabase-js'
import { type ChildProcess, spawn } from 'node:child_process'
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { startTestServer } from '../../test/testServer.js'
import { run } from './run.js'

let app: string
beforeAll(async () => {
  app = await mkdtemp(path.join(tmpdir(), 'tidemark-app-'))
  await chmod(app, 0o755) // The account that runs PostgreSQL must get through.
  await mkdir(path.join(app, 'supabase', 'migrations'), { recursive: true })
  await writeFile(path.join(app, 'supabase', 'config.toml'), 'project_id = "shop"\n[api]\nmax_rows = 2\n')
  await migration('1_notes', 'create table public.notes (id int primary key)')
  await writeFile(path.join(app, 'supabase', 'seed.sql'), 'insert into notes values (1), (2), (3)')
})
afterAll(() => rm(app, { recursive: true }))

const migration = (name: string, sql: string) =>
  writeFile(path.join(app, 'supabase', 'migrations', `${name}.sql`), sql)

interface Started {
  readonly out: string[]
  readonly notes: string[]
  readonly code: Promise<number>
  readonly end: () => Promise<number>
}

let running: Started | undefined
afterEach(async () => {
  await running?.end()
  running = undefined
})

/** Runs the command in this process until it is told to end. */
function begin(...args: string[]): Started {
  const ending = new AbortController()
  const [out, notes]: [string[], string[]] = [[], []]
  const code = run(['--port', '0', ...args], {
    out: (text) => out.push(text),
    note: (text) => notes.push(text),
    directory: app,
    environment: {},
    ending: ending.signal,
  })
  const end = () => (ending.abort(), code)
  running = { out, notes, code, end }
  return running
}

async function facts({ out, code, notes }: Started): Promise<Record<string, string>> {
  await Promise.race([code, expect.poll(() => out.length, { timeout: 20_000 }).toBe(1)])
  if (out.length === 0) throw new Error(notes.join(''))
  return JSON.parse(out[0] ?? '') as Record<string, string>
}

async function clientOf(started: Started) {
  const { API_URL = '', SERVICE_ROLE_KEY = '' } = await facts(started)
  return createClient(API_URL, SERVICE_ROLE_KEY)
}

test('serves the folder, applies what is new while it runs, and keeps its data until --reset', async () => {
  const first = begin('--json')
  const notes = (await clientOf(first)).from('notes')
  expect((await notes.select()).data).toHaveLength(2)
  expect(first.notes).toEqual(['Applied 1_notes.sql, seed.sql\n'])
  await notes.insert({ id: 4 })
  await migration('2_more', 'create table public.more (id int')
  await expect.poll(() => first.notes.at(-1), { timeout: 20_000 }).toMatch(/2_more\.sql:1:\d+: syntax error/)
  await migration('2_more', 'create table public.more (id int)')
  await expect.poll(() => first.notes.at(-1), { timeout: 20_000 }).toBe('Applied 2_more.sql\n')
  expect((await (await clientOf(first)).from('more').select()).error).toBeNull()
  expect(await first.end()).toBe(0)

  const second = begin('--json', '--no-watch')
  expect((await (await clientOf(second)).from('notes').select().eq('id', 4)).data).toHaveLength(1)
  expect(await second.end()).toBe(0)

  const third = begin('--json', '--no-watch', '--reset')
  expect((await (await clientOf(third)).from('notes').select().eq('id', 4)).data).toEqual([])
})

test('serves a new project, which has neither migrations nor seeds, and waits for its first', async () => {
  const folder = path.join(app, 'new', 'supabase')
  await mkdir(folder, { recursive: true })
  const started = begin('--json', '--dir', folder)
  const firsts = (await clientOf(started)).from('firsts')
  expect((await firsts.select()).error?.code).toBe('PGRST205')
  await writeFile(path.join(folder, 'migrations', '1_first.sql'), 'create table public.firsts (id int)')
  await expect.poll(async () => (await firsts.select()).data, { timeout: 10_000 }).toEqual([])
  expect(await started.end()).toBe(0)
})

test('uses a database that runs already, and does not empty it', async () => {
  const server = await startTestServer('select 1')
  const started = begin('--json', '--no-watch', '--db-url', server.databaseUrl)
  expect(await facts(started)).toMatchObject({ DB_URL: server.databaseUrl })
  expect(await server.sql('select count(*) from notes')).toEqual([{ count: '3' }])
  await started.end()
  const refused = begin('--reset', '--db-url', server.databaseUrl)
  expect(await refused.code).toBe(1)
  expect(refused.notes.join()).toContain('--reset with --db-url')
  await server.stop()
})

test('says who has its port, what is wrong with its arguments, and how it is used', async () => {
  const server = await startTestServer('select 1')
  const taken = begin('--port', new URL(server.url).port, '--db-url', server.databaseUrl)
  expect(await taken.code).toBe(1)
  expect(taken.notes.join()).toContain('It is another tidemark-dev')
  const page = createServer((_, answer) => answer.end('<!doctype html>'))
  await new Promise<void>((resolve) => page.listen(0, '127.0.0.1', resolve))
  const { port } = page.address() as AddressInfo
  const beside = begin('--port', String(port), '--db-url', server.databaseUrl)
  expect(await beside.code).toBe(1)
  expect(beside.notes.join()).toMatch(/It is 127\.0\.0\.1:\d+ \(EADDRINUSE\)\.\n/)
  page.close()
  await server.stop()
  expect(await begin('--prot').code).toBe(2)
  const help = begin('--help')
  expect(await help.code).toBe(0)
  expect(help.out.join()).toContain('--db-url')
})

test('is one process, which a signal ends cleanly', async () => {
  const root = path.join(import.meta.dirname, '..', '..', '..', '..')
  const hooks = new URL(`file://${path.join(root, 'scripts', 'source-hooks.mjs')}`).href
  const main = path.join(import.meta.dirname, 'main.ts')
  const flags = ['--conditions=@tidemark/source', '--import', hooks, main, '--port', '0', '--dir']
  const child = spawn(process.execPath, [...flags, path.join(app, 'supabase')], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const said = await spoken(child, /service_role key: \S+/)
  expect(said).toMatch(
    /Started the development server of shop\.\n\n +API URL: http:\/\/127\.0\.0\.1:\d+\n +DB URL: postgres:/,
  )
  const ended = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGTERM')
  expect(await ended).toBe(0)
  const url = /API URL: (\S+)/.exec(said)?.[1] ?? ''
  await expect(fetch(url)).rejects.toThrow('fetch failed')
})

function spoken(child: ChildProcess, wanted: RegExp): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = ''
    const hear = (text: Buffer) => {
      said += String(text)
      if (wanted.test(said)) resolve(said)
    }
    child.stdout?.on('data', hear)
    child.stderr?.on('data', hear)
    child.once('exit', () => reject(new Error(said)))
  })
}
