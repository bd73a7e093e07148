import { randomUUID } from 'node:crypto'
import { Client } from 'pg'
import { DevServerError } from '../errors.js'

/** The migrated state, kept as a database beside the one that is worked on. */
const template = 'tidemark_template'

/**
 * From here the others are dropped and made. Every cluster has it, and who makes a database of it meanwhile is made to wait a
 * moment by PostgreSQL.
 */
const office = 'template1'

/**
 * Keeps the database of a connection as the template, if there is none yet. Nobody else may be connected to it meanwhile.
 * @returns false when there was one already
 */
export async function keepTemplate(client: Client): Promise<boolean> {
  if (await exists(client, template)) return false
  await create(client, template, client.database ?? '')
  return true
}

/** The address of the template on the cluster of another database. */
export const templateOf = (url: string): string => withName(url, template)

/** Puts the spare in the place of a database, and ends all connections to that, which is left for `makeSpare` to drop. */
export function restore(url: string): Promise<void> {
  const name = nameOf(url)
  return administrate(withName(url, office), async (client) => {
    await evict(client, name)
    await client.query('begin')
    await rename(client, name, usedOf(name))
    await rename(client, spareOf(name), name)
    await client.query('commit')
  })
}

/** Makes ahead what the next `restore` of the database then only has to put in its place. */
export function makeSpare(url: string): Promise<void> {
  const name = nameOf(url)
  const unfinished = `${spareOf(name)}_unfinished`
  return administrate(withName(url, office), async (client) => {
    await drop(client, usedOf(name))
    await drop(client, unfinished)
    await create(client, unfinished, template)
    await rename(client, unfinished, spareOf(name))
  })
}

/** Drops what was made ahead from a template that is about to change. */
export function dropSpares(url: string): Promise<void> {
  return administrate(withName(url, office), async (client) => {
    const text = `select datname as name from pg_database where datname like '%\\_spare%'`
    const { rows } = await client.query<{ name: string }>(text)
    for (const { name } of rows) await drop(client, name)
  })
}

/**
 * Makes a database of its own in the migrated state, and resolves with its address.
 * @param url of a database whose server has a template
 * @throws DevServerError `database-unreachable`, `copy-unavailable`
 */
export async function createCopy(url: string): Promise<string> {
  const copy = withName(url, `tidemark_copy_${randomUUID().replaceAll('-', '')}`)
  await administrate(withName(url, office), async (client) => {
    if (!(await exists(client, template))) throw new DevServerError('copy-unavailable', 'It has no template.')
    await create(client, nameOf(copy), template)
  })
  return copy
}

/** Drops a copy with what was made ahead for it, and ends all connections to it. */
export async function dropCopy(url: string): Promise<void> {
  const name = nameOf(url)
  await administrate(withName(url, office), async (client) => {
    for (const one of [name, spareOf(name), usedOf(name)]) await drop(client, one)
  })
}

/** Those that have been told to end do so at once; left to itself, PostgreSQL looks again only after a tenth of a second. */
async function evict(client: Client, name: string): Promise<void> {
  const text = 'select pg_terminate_backend(pid) from pg_stat_activity where datname = $1'
  const until = Date.now() + patience
  for (let left: number | null = 1; left !== 0 && Date.now() < until; await pause()) {
    left = (await client.query(text, [name])).rowCount
  }
}

/** How long connections are waited for, in ms. */
const patience = 5_000

const pause = () => new Promise<void>((resolve) => setTimeout(resolve, 2))

const drop = (client: Client, name: string) =>
  client.query(`drop database if exists ${quoted(name)} with (force)`)

const rename = (client: Client, from: string, to: string) =>
  client.query(`alter database ${quoted(from)} rename to ${quoted(to)}`)

/** Files are copied, not logged: a tenth of a second less. Settings of a database are not part of its files. */
async function create(client: Client, name: string, from: string): Promise<void> {
  await client.query(`create database ${quoted(name)} template ${quoted(from)} strategy file_copy`)
  await client.query(
    `insert into pg_db_role_setting
     select made.oid, s.setrole, s.setconfig
     from pg_db_role_setting s join pg_database d on d.oid = s.setdatabase, pg_database made
     where d.datname = $1 and made.datname = $2`,
    [from, name],
  )
}

async function exists(client: Client, name: string): Promise<boolean> {
  const { rowCount } = await client.query('select from pg_database where datname = $1', [name])
  return rowCount !== 0
}

async function administrate<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url })
  // A connection that is lost is told by the query it was lost in.
  client.on('error', () => undefined)
  await client.connect().catch((error: unknown) => {
    const reason = error instanceof Error ? error.message : 'no connection'
    throw new DevServerError('database-unreachable', reason, error)
  })
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

const spareOf = (name: string) => `${name}_spare`

/** A name that `dropSpares` knows too. */
const usedOf = (name: string) => `${name}_spare_used`

const nameOf = (url: string) => decodeURIComponent(new URL(url).pathname.slice(1))

function withName(url: string, name: string): string {
  const other = new URL(url)
  other.pathname = `/${name}`
  return other.href
}

const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`
