import type { Pool } from 'pg'
import { reasonOf } from '../errors.js'
import type { Logger } from '../log.js'

/** Rows of `app.system_cache_subscription`, one for each id. */
export interface Registered {
  readonly userId: string
  readonly connectionId: string
  readonly code: string
  readonly ids: readonly string[]
}

interface Turn {
  readonly added: Registered[]
  readonly removed: Registered[]
  readonly closed: string[]
  readonly done: Promise<void>
}

// Ids come as one array literal for each group: a thousand parameters less to quote.
const asked = `unnest($1::uuid[], $2::text[], $3::text[], $4::text[]) as g(user_id, connection_id, code, ids)
cross join lateral unnest(g.ids::uuid[]) as id`

const insertSql = `
insert into app.system_cache_subscription (user_id, connection_id, entity_code, entity_id, instance_id)
select g.user_id, g.connection_id, g.code, id, $5 from ${asked} on conflict do nothing`

const deleteSql = `
delete from app.system_cache_subscription c using ${asked}
where c.connection_id = g.connection_id and c.entity_code = g.code and c.entity_id = id`

/**
 * Keeps `app.system_cache_subscription` as the sockets of this instance are. What many sockets ask for while a statement runs
 * is one statement together, so that ten thousand that come back at once are not ten thousand transactions.
 */
export class Registry {
  readonly #pool: Pool
  readonly #instance: string
  readonly #log: Logger
  #next: Turn | undefined
  #last: Promise<unknown> = Promise.resolve()

  constructor(pool: Pool, instance: string, log: Logger) {
    this.#pool = pool
    this.#instance = instance
    this.#log = log
  }

  /** Resolves when the rows are stored. */
  add(rows: Registered): Promise<void> {
    return this.#ask((turn) => turn.added.push(rows))
  }

  remove(rows: Registered): Promise<void> {
    return this.#ask((turn) => turn.removed.push(rows))
  }

  /** Removes what a connection had. A failure is logged only: the sweep removes what is left. */
  async close(connectionId: string): Promise<void> {
    await this.#ask((turn) => turn.closed.push(connectionId)).catch((error: unknown) => {
      this.#log.warn({ reason: reasonOf(error) }, 'subscriptions of a closed connection were not removed yet')
    })
  }

  /** Removes everything of this instance. */
  async clear(): Promise<void> {
    await this.#last
    await this.#pool.query('delete from app.system_cache_subscription where instance_id = $1', [
      this.#instance,
    ])
    await this.#pool.query('delete from app.system_pubsub_instance where id = $1', [this.#instance])
  }

  #ask(note: (turn: Turn) => unknown): Promise<void> {
    this.#next ??= this.#plan()
    note(this.#next)
    return this.#next.done
  }

  /** A turn takes notes until the one before it has run. */
  #plan(): Turn {
    const done = this.#last.then(() => {
      this.#next = undefined
      return this.#run(turn)
    })
    const turn: Turn = { added: [], removed: [], closed: [], done }
    this.#last = done.catch(() => undefined) // Whoever asked is told; the next turn begins all the same.
    return turn
  }

  async #run({ added, removed, closed }: Turn): Promise<void> {
    // Adding comes before closing: a connection that closes while it subscribes leaves nothing behind.
    if (removed.length > 0) await this.#pool.query(deleteSql, columns(removed))
    if (added.length > 0) await this.#pool.query(insertSql, [...columns(added), this.#instance])
    if (closed.length > 0) {
      await this.#pool.query('delete from app.system_cache_subscription where connection_id = any($1)', [
        closed,
      ])
    }
  }
}

const columns = (groups: readonly Registered[]): string[][] => [
  groups.map(({ userId }) => userId),
  groups.map(({ connectionId }) => connectionId),
  groups.map(({ code }) => code),
  groups.map(({ ids }) => `{${ids.join()}}`),
]
