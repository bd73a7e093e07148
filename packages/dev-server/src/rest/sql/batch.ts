import type { Connection, PoolClient, Submittable } from 'pg'
import type { Prepared } from './prepared.js'
import { type Parameter, type Sql, toQuery } from './sql.js'

/** A row's values in the order of its columns, as PostgreSQL wrote them. */
export type TextRow = readonly (string | null)[]

/**
 * Runs statements one after the other, sent all at once: one way to the database and back instead of one for
 * each. Without a `begin` among them they are one transaction; after an error those that follow are not run.
 * @param prepared gives names to statements that are asked again; left out for what is asked once
 * @returns the rows of each statement
 * @throws DatabaseError
 */
export function runBatch(
  client: PoolClient,
  statements: readonly Sql[],
  prepared?: Prepared,
): Promise<TextRow[][]> {
  const steps = statements.map((statement) => {
    const { text, values } = toQuery(statement)
    return { text, values, name: prepared?.nameOf(text) ?? '' }
  })
  return new Promise((resolve, reject) => {
    client.query(new Batch(steps, resolve, reject))
  })
}

interface Step {
  readonly text: string
  readonly values: readonly Parameter[]
  /** Empty for a statement that is not kept. */
  readonly name: string
}

/** Statements that a connection keeps; false for those of which it is not known, because an error came between. */
const keptBy = new WeakMap<Connection, Map<string, boolean>>()

/** What the driver calls while it speaks the extended protocol for us. */
class Batch implements Submittable {
  readonly #steps: readonly Step[]
  readonly #rows: TextRow[][]
  readonly #resolve: (rows: TextRow[][]) => void
  readonly #reject: (error: unknown) => void
  #current = 0
  #kept = new Map<string, boolean>()

  constructor(
    steps: readonly Step[],
    resolve: (rows: TextRow[][]) => void,
    reject: (error: unknown) => void,
  ) {
    this.#steps = steps
    this.#rows = steps.map(() => [])
    this.#resolve = resolve
    this.#reject = reject
  }

  submit(connection: Connection): void {
    this.#kept = keptBy.get(connection) ?? this.#kept
    keptBy.set(connection, this.#kept)
    connection.stream.cork()
    for (const step of this.#steps) this.#send(connection, step)
    connection.sync()
    connection.stream.uncork()
  }

  #send(connection: Connection, { text, values, name }: Step): void {
    if (name === '' || this.#kept.get(name) !== true) {
      if (this.#kept.get(name) === false) connection.close({ type: 'S', name }, true)
      connection.parse({ name, text, types: [] }, true)
      if (name !== '') this.#kept.set(name, false)
    }
    connection.bind({ portal: '', statement: name, values: [...values], binary: '' }, true)
    connection.execute({ portal: '', rows: '' }, true)
  }

  handleDataRow({ fields }: { readonly fields: TextRow }): void {
    this.#rows[this.#current]?.push(fields)
  }

  handleCommandComplete(): void {
    this.#current += 1
  }

  handleReadyForQuery(): void {
    for (const { name } of this.#steps) if (name !== '') this.#kept.set(name, true)
    this.#resolve(this.#rows)
  }

  handleError(error: unknown): void {
    this.#reject(error)
  }
}
