import { randomUUID } from 'node:crypto'
import { Client } from 'pg'
import { DevServerError } from '../errors.js'

/** The migrated state, kept as a database beside the one that is worked on. */
const template = 'tidemark_template'

/** Nobody works here: from here the others are dropped and made. */
const office = 'tidemark_office'

/** Makes the database from which the others are dropped and made, if it is not there yet. */
export function openOffice(url: string): Promise<void> {
  return administrate(url, async (client) => {
    if (!(await exists(client, office))) await create(client, office, 'template0')
  })
}

/**
 * Keeps the database of the URL as the template, if there is none yet. Nobody may be connected to it meanwhile.
 * @returns false when there was one already
 */
export function keepTemplate(url: string): Promise<boolean> {
  return administrate(withName(url, office), async (client) => {
    if (await exists(client, template)) return false
    await create(client, template, nameOf(url))
    return true
  })
}

/** The address of the template on the cluster of another database. */
export const templateOf = (url: string): string => withName(url, template)

/** Puts the migrated state in the place of a database, and ends all connections to that. */
export function restore(url: string): Promise<void> {
  const name = nameOf(url)
  return administrate(withName(url, office), async (client) => {
    await drop(client, name)
    if (await exists(client, spareOf(name))) await rename(client, spareOf(name), name)
    else await create(client, name, template)
  })
}

/** Makes ahead what the next `restore` of the database then only has to put in its place. */
export function makeSpare(url: string): Promise<void> {
  const spare = spareOf(nameOf(url))
  const unfinished = `${spare}_unfinished`
  return administrate(withName(url, office), async (client) => {
    await drop(client, unfinished)
    await create(client, unfinished, template)
    await rename(client, unfinished, spare)
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
  await administrate(withName(url, office), (client) => create(client, nameOf(copy), template))
  return copy
}

/** Drops a copy with what was made ahead for it, and ends all connections to it. */
export async function dropCopy(url: string): Promise<void> {
  await administrate(withName(url, office), async (client) => {
    await drop(client, nameOf(url))
    await drop(client, spareOf(nameOf(url)))
  })
}

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
  await client.connect().catch((error: unknown) => {
    const isMissing = (error as { code?: string }).code === '3D000'
    const reason = error instanceof Error ? error.message : 'no connection'
    throw new DevServerError(isMissing ? 'copy-unavailable' : 'database-unreachable', reason, error)
  })
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

const spareOf = (name: string) => `${name}_spare`

const nameOf = (url: string) => decodeURIComponent(new URL(url).pathname.slice(1))

function withName(url: string, name: string): string {
  const other = new URL(url)
  other.pathname = `/${name}`
  return other.href
}

const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`
