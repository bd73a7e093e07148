import { existsSync } from 'node:fs'
import { glob, readFile } from 'node:fs/promises'
import path from 'node:path'
import { parseEnv } from 'node:util'
import { parse, TomlError } from 'smol-toml'
import { DevServerError } from '../errors.js'
import type { DevServerOptions } from '../options.js'
import { optionsOf } from './configOptions.js'
import { type Section, sectionOf } from './section.js'

/** What an app's folder says. */
export interface AppFolder {
  readonly name: string
  readonly options: DevServerOptions
  /** The port of the database. */
  readonly databasePort: number
  /** Its directory of migrations, whether it is there or not. */
  readonly migrations: string
}

/**
 * Reads `config.toml` of a folder as `supabase init` makes it. A folder without the file has its defaults.
 * @param directory the folder `supabase`
 * @throws DevServerError `folder-missing`, `config-invalid`
 */
export async function readFolder(directory: string, environment: NodeJS.ProcessEnv): Promise<AppFolder> {
  if (!existsSync(directory)) throw new DevServerError('folder-missing', `It is ${directory}.`)
  const file = path.join(directory, 'config.toml')
  const config = sectionOf(await readToml(file), await environmentOf(directory, environment), `${file}: `)
  const migrations = path.join(directory, 'migrations')
  const [db, name] = [config.section('db'), config.text('project_id')]
  return {
    name: name ?? path.basename(path.dirname(directory)),
    options: {
      ...(await optionsOf(config, directory)),
      migrations: db.section('migrations').flag('enabled') === false ? [] : [migrations],
      seed: await seedsOf(db.section('seed'), directory),
    },
    databasePort: db.number('port') ?? 54322,
    migrations,
  }
}

async function readToml(file: string): Promise<unknown> {
  if (!existsSync(file)) return {}
  try {
    return parse(await readFile(file, 'utf8'))
  } catch (error) {
    if (!(error instanceof TomlError)) throw error
    const place = `${file}:${error.line}:${error.column}`
    throw new DevServerError('config-invalid', `${place}: ${error.message.split('\n')[0] ?? ''}`, error)
  }
}

/** The folder's own `.env` says what the environment does not. */
async function environmentOf(directory: string, environment: NodeJS.ProcessEnv) {
  const file = path.join(directory, '.env')
  return existsSync(file) ? { ...parseEnv(await readFile(file, 'utf8')), ...environment } : environment
}

/** In the order of the patterns, and the files of one pattern by name. */
async function seedsOf(seed: Section, directory: string): Promise<string[]> {
  if (seed.flag('enabled') === false) return []
  const found: string[] = []
  for (const pattern of seed.texts('sql_paths') ?? ['./seed.sql']) {
    const files: string[] = []
    for await (const file of glob(pattern, { cwd: directory })) files.push(path.join(directory, file))
    found.push(...files.sort().filter((file) => !found.includes(file)))
  }
  return found
}
