import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const packageDirectory = fileURLToPath(new URL('..', import.meta.url))

/** The directory of the migration's files, which run in order of their names. */
export const sqlDirectory = path.join(packageDirectory, 'sql')

/** The demo entities of `--dev`: project, task, employee. */
export const demoDirectory = path.join(packageDirectory, 'demo')

/** The whole migration as one text, which may be run again on a database that has it. */
export async function migrationSql(): Promise<string> {
  const names = (await readdir(sqlDirectory)).filter((name) => name.endsWith('.sql')).sort()
  const texts = await Promise.all(names.map((name) => readFile(path.join(sqlDirectory, name), 'utf8')))
  return texts.join('\n')
}
