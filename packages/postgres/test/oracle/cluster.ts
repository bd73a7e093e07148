import { startDevServer } from '@tidemark/dev-server'
import type { Tables } from '@tidemark/core'
import { appendFile, chmod, chown, cp, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { reachDatabase, startDatabase, type TestDatabase } from '../database.js'

/** A database whose server is stopped and started again under its clients, and which can be set back to an earlier time. */
export class Cluster {
  readonly #home: string
  #database: TestDatabase

  private constructor(home: string, database: TestDatabase) {
    this.#home = home
    this.#database = database
  }

  static async start(schema: string, tables: Tables): Promise<Cluster> {
    const home = await mkdtemp(path.join(tmpdir(), 'tidemark-oracle-'))
    // PostgreSQL may run as another account than we do.
    await chmod(home, 0o755)
    const database = { directory: path.join(home, 'database') }
    return new Cluster(home, await startDatabase(schema, tables, { port: 0, database }))
  }

  /** As it is after the last start. */
  get database(): TestDatabase {
    return this.#database
  }

  /** Ends the server under everybody who speaks with it, and starts it again where it was. */
  async restart(between: () => Promise<void> = () => Promise.resolve()): Promise<void> {
    const port = Number(new URL(this.#database.server.url).port)
    await this.#database.server.stop()
    await between()
    this.#database = await reachDatabase(
      await startDevServer({ port, database: { directory: path.join(this.#home, 'database') } }),
    )
  }

  /** Keeps a copy of the data, as a physical backup does. */
  backUp(): Promise<void> {
    return this.restart(() => copy(this.#data, this.#backup))
  }

  /** Recovers from the backup: what was written since is gone, and history goes on from there on a new timeline. */
  setBack(): Promise<void> {
    return this.restart(async () => {
      await rm(this.#data, { recursive: true })
      await copy(this.#backup, this.#data)
      await writeFile(path.join(this.#data, 'recovery.signal'), '')
      await appendFile(path.join(this.#data, 'postgresql.auto.conf'), "restore_command = 'exit 1'\n")
    })
  }

  async end(): Promise<void> {
    await this.#database.server.stop()
    await rm(this.#home, { recursive: true, force: true, maxRetries: 5 })
  }

  get #data(): string {
    return path.join(this.#home, 'database', 'data')
  }

  get #backup(): string {
    return path.join(this.#home, 'backup')
  }
}

/** Copies a directory; its files stay those of the same account. */
async function copy(from: string, to: string): Promise<void> {
  await cp(from, to, { recursive: true })
  for (const name of ['', ...(await readdir(from, { recursive: true }))]) {
    const { uid, gid, mode } = await stat(path.join(from, name))
    await chown(path.join(to, name), uid, gid)
    await chmod(path.join(to, name), mode)
  }
}
