import type { Asking, Fetched, FetchedPage, Fetcher, FullQuery } from '@tidemark/core/entities'
import { RemoteError } from '@tidemark/core/remote'

type Row = Readonly<Record<string, unknown>>

/** A server of entities of one type. It counts versions, and refuses what was made on an older one. */
export class EntityServer implements Fetcher {
  readonly id = 'story'
  /** The status that requests are refused with; 0: none. */
  failing = 0
  /** No request is answered. */
  silent = false
  readonly #rows = new Map<string, Row>()

  put(id: string, columns: Row): void {
    const known = this.#rows.get(id)
    this.#rows.set(id, { ...known, ...columns, id, version: Number(known?.version ?? 0) + 1 })
  }

  row(id: string): Row | undefined {
    return this.#rows.get(id)
  }

  async read(_code: string, id: string, { tag }: Asking): Promise<Fetched<Row> | 'unchanged'> {
    await this.#answering()
    const row = this.#must(id)
    return tag === tagOf(row) ? 'unchanged' : answer(row)
  }

  async list(_code: string, { page, limit }: FullQuery): Promise<Fetched<FetchedPage>> {
    await this.#answering()
    const all = [...this.#rows.values()]
    return { data: { rows: all.slice((page - 1) * limit, page * limit), total: all.length } }
  }

  async reference(): Promise<Fetched> {
    await this.#answering()
    return { data: [] }
  }

  async create(_code: string, values: Row): Promise<Fetched<Row>> {
    await this.#answering()
    const id = crypto.randomUUID()
    this.put(id, values)
    return answer(this.#must(id))
  }

  async update(_code: string, id: string, patch: Row, { tag }: Asking): Promise<Fetched<Row>> {
    await this.#answering()
    if (tag !== undefined && tag !== tagOf(this.#must(id))) throw refusal(412)
    this.put(id, patch)
    return answer(this.#must(id))
  }

  async remove(_code: string, id: string): Promise<void> {
    await this.#answering()
    this.#rows.delete(id)
  }

  #must(id: string): Row {
    const row = this.#rows.get(id)
    if (!row) throw refusal(404)
    return row
  }

  async #answering(): Promise<void> {
    if (this.silent) await new Promise(() => undefined)
    if (this.failing > 0) throw refusal(this.failing)
  }
}

const refusal = (status: number): RemoteError =>
  new RemoteError({ status, message: `The server answers with ${status}.` })
const tagOf = (row: Row): string => String(row.version)
const answer = (row: Row): Fetched<Row> => ({ data: row, tag: tagOf(row) })
