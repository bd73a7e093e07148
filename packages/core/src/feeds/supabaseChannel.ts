import { bindingsOf } from '../remote/changes.js'
import type { ChannelHandle, ChannelWord } from '../remote/channel.js'
import type { SupabaseClientLike } from '../remote/supabase.js'
import { channelName, type FeedChannel } from './channelName.js'
import { isEvent, readEvent, type FeedEvent } from './event.js'
import type { Outlets } from './outlets.js'
import { broadcastChange, rowEvent, type ToldChange, type TypedTable } from './rowEvent.js'

export type FeedClient = Pick<SupabaseClientLike, 'auth' | 'channel' | 'from' | 'realtime' | 'removeChannel'>

export interface SupabaseChannelOptions {
  readonly client: FeedClient
  readonly channel: FeedChannel
  readonly tables: readonly TypedTable[]
  readonly private: boolean
  readonly tell: (event: FeedEvent) => void
  readonly outlets: Outlets
}

type Say = (word: ChannelWord) => void

/** One channel of a feed: what Realtime tells on it, as events. */
export class SupabaseChannel {
  readonly #options: SupabaseChannelOptions
  /** The table whose changes are heard; left out where only what is broadcast is. */
  readonly #table: TypedTable | undefined
  #hasJoined = false

  constructor(options: SupabaseChannelOptions) {
    const { channel, tables } = options
    this.#options = options
    this.#table = channel.kind === 'factory' ? undefined : tables.find(({ type }) => type === channel.type)
  }

  async join(say: Say): Promise<ChannelHandle> {
    const { client, channel, private: isPrivate } = this.#options
    // A channel that joins without the user's token joins as nobody, and is never told of the user's rows.
    await client.realtime.setAuth()
    const joined = client.channel(channelName(channel), { config: { private: isPrivate } })
    const hear = (word: ChannelWord): void => {
      this.#noticeGap(word)
      say(word)
    }
    for (const binding of this.#bindings())
      joined.on('postgres_changes', binding, (change: ToldChange) => this.#change(change, this.#table, hear))
    joined.on('broadcast', { event: '*' }, ({ payload }) => this.#broadcast(payload, hear))
    joined.on('system', {}, ({ extension, status }) => {
      if (extension === 'postgres_changes') hear(status === 'ok' ? 'listening' : 'deaf')
    })
    joined.subscribe((status) => hear(status))
    return { close: () => client.removeChannel(joined) }
  }

  /** The row of a document, or the rows of a scope and all deletes, which do not tell their scope. */
  #bindings() {
    if (!this.#table) return []
    const { client, channel } = this.#options
    const { table, id = 'id', factoryId } = this.#table
    const [owner, value] = channel.kind === 'doc' ? [id, channel.id] : [factoryId, channel.factoryId]
    return bindingsOf(
      { table: { name: table, key: [id], owner }, owner: value },
      client.from('_').schema ?? 'public',
    )
  }

  /** The server begins to listen to the database after the channel is joined; what is only broadcast knows no such delay. */
  #noticeGap(word: ChannelWord): void {
    const again = word === 'SUBSCRIBED' && this.#hasJoined && !this.#table
    if (word === 'SUBSCRIBED') this.#hasJoined = true
    if (again || word === 'listening' || word === 'missed')
      this.#options.outlets.missed.next(this.#options.channel)
  }

  #change(change: ToldChange, table: TypedTable | undefined, hear: Say): void {
    const event = table && rowEvent(change, table, this.#options.channel)
    if (event) this.#options.tell(event)
    else hear('missed')
  }

  #broadcast(payload: unknown, hear: Say): void {
    const change = broadcastChange(payload)
    if (change)
      return this.#change(
        change,
        this.#options.tables.find(({ table }) => table === change.table),
        hear,
      )
    const read = readEvent(payload)
    if (isEvent(read)) this.#options.tell(read)
    else this.#options.outlets.problem.next(read)
  }
}
