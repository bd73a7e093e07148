import type { Patient } from './finding.js'

/** The tables that are looked at: those that are declared and those that have exact mode. */
export async function namesOf({ client, declared }: Pick<Patient, 'client' | 'declared'>): Promise<string[]> {
  return [
    ...new Set([...Object.values(declared).map(({ name }) => name), ...(await installedNames({ client }))]),
  ]
}

/** The tables that have exact mode. */
export async function installedNames({ client }: Pick<Patient, 'client'>): Promise<string[]> {
  const { rows } = await client.query<{ there: boolean }>(
    `select to_regclass('tidemark.tables') is not null as there`,
  )
  if (rows[0]?.there !== true) return []
  const { rows: tables } = await client.query<{ name: string }>(
    'select t.name from tidemark.tables t join pg_class c on c.oid = t.relation order by t.name',
  )
  return tables.map(({ name }) => name)
}
