import type { Columns } from '../src/base/json.js'
import type { Asking, Fetched, FetchedPage, Fetcher, FullQuery, ReferenceName } from '../src/entities.js'
import { RemoteError } from '../src/remote.js'

/** A server of entities in memory that counts versions, refuses what is out of date, and misbehaves when it is told to. */
export class EntityServer implements Fetcher {
  readonly id = 'memory'
  readonly rows = new Map<string, Map<string, Columns>>()
  readonly labels = new Map<string, unknown>()
  /** Every request, as `GET project/1`. */
  readonly asked: string[] = []
  /** Statuses that the next requests fail with; 0: no answer. */
  readonly failures: number[] = []
  /** While set, answers wait for it, or for ever. */
  gate: Promise<void> | undefined
  /** How many requests were aborted. */
  aborted = 0

  set(code: string, row: Columns & { id: string }): void {
    const table = this.rows.get(code) ?? new Map<string, Columns>()
    this.rows.set(code, table)
    table.set(row.id, { version: ((table.get(row.id)?.version as number | undefined) ?? 0) + 1, ...row })
  }

  delete(code: string, id: string): void {
    this.rows.get(code)?.delete(id)
  }

  async read(code: string, id: string, { signal, tag }: Asking) {
    await this.#asked(`GET ${code}/${id}`, signal)
    const row = this.#must(code, id)
    return tag === String(row.version) ? ('unchanged' as const) : answer(row)
  }

  async list(code: string, query: FullQuery, { signal }: Asking): Promise<Fetched<FetchedPage>> {
    const { page, limit, filters = {} } = query
    await this.#asked(`GET ${code}?page=${page}`, signal)
    const all = [...(this.rows.get(code)?.values() ?? [])].filter((row) =>
      Object.entries(filters).every(([name, value]) => row[name] === value),
    )
    return { data: { rows: all.slice((page - 1) * limit, page * limit), total: all.length } }
  }

  async reference(name: ReferenceName, { signal }: Asking): Promise<Fetched> {
    const key = name.kind === 'datalabel' ? name.name : name.kind
    await this.#asked(`GET ${key}`, signal)
    return { data: this.labels.get(key) }
  }

  async create(code: string, values: Columns, { signal }: Asking): Promise<Fetched<Columns>> {
    await this.#asked(`POST ${code}`, signal)
    const row = { id: crypto.randomUUID() as string, ...values }
    this.set(code, row)
    return answer(this.#must(code, row.id))
  }

  async update(code: string, id: string, patch: Columns, { signal, tag }: Asking): Promise<Fetched<Columns>> {
    await this.#asked(`PATCH ${code}/${id}`, signal)
    const { version, ...row } = this.#must(code, id)
    if (tag !== undefined && tag !== String(version))
      throw new RemoteError({ status: 412, message: 'changed' })
    this.set(code, { ...row, ...patch, id })
    return answer(this.#must(code, id))
  }

  async remove(code: string, id: string, { signal }: Asking): Promise<void> {
    await this.#asked(`DELETE ${code}/${id}`, signal)
    this.#must(code, id)
    this.delete(code, id)
  }

  #must(code: string, id: string): Columns {
    const row = this.rows.get(code)?.get(id)
    if (!row) throw new RemoteError({ status: 404, message: 'There is none.' })
    return row
  }

  async #asked(request: string, signal: AbortSignal | undefined): Promise<void> {
    this.asked.push(request)
    signal?.addEventListener('abort', () => (this.aborted += 1))
    await this.gate
    const status = this.failures.shift()
    if (status !== undefined) throw new RemoteError({ status, message: `failed with ${status}` })
  }
}

const answer = (row: Columns): Fetched<Columns> => ({ data: row, tag: String(row.version) })
