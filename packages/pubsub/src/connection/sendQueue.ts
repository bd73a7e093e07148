import type { ServerMessage } from '@tidemark/core/pubsub'
import type { Duplex } from 'node:stream'
import type { WebSocket } from 'ws'
import { chunks } from './chunks.js'
import { merge, type Change } from '../delivery/change.js'

/** News of one connection: what it is, and the frames that say it, which connections with the same news share. */
export interface News {
  readonly changes: readonly Change[]
  /** Entities whose lists have changed. */
  readonly lists: readonly string[]
  readonly seq: string
  readonly frames: readonly Buffer[]
}

/** What a change needs in a frame, in bytes, about. */
const changeSize = 110

/**
 * What goes out to one socket. As long as the system takes what is written, news goes out as it comes. Once it does not, news
 * waits here, one change for each entity however many there were, so that a slow reader costs little and delays nobody.
 */
export class SendQueue {
  readonly #socket: WebSocket
  readonly #stream: Duplex
  readonly #limit: number
  readonly #tooSlow: () => void
  readonly #waiting = new Map<string, Change>()
  readonly #lists = new Set<string>()
  #seq = ''

  /**
   * @param stream what the socket writes to
   * @param limit bytes that may wait, here and there
   */
  constructor(socket: WebSocket, stream: Duplex, limit: number, tooSlow: () => void) {
    this.#socket = socket
    this.#stream = stream
    this.#limit = limit
    this.#tooSlow = tooSlow
    stream.on('drain', () => this.#flush())
  }

  /** How many changes wait until the system takes more. */
  get waiting(): number {
    return this.#waiting.size
  }

  /** Whether everything that was delivered has been written. */
  get settled(): boolean {
    return this.#waiting.size === 0 && this.#lists.size === 0
  }

  /** Sends a message at once, past the news that waits. */
  send(message: ServerMessage): void {
    this.#write(frameOf(message))
  }

  deliver(news: News): void {
    if (this.settled && !this.#stream.writableNeedDrain) {
      for (const frame of news.frames) this.#write(frame)
      return
    }
    this.#seq = news.seq
    for (const list of news.lists) this.#lists.add(list)
    for (const change of news.changes) {
      const key = `${change.entityCode}:${change.entityId}`
      const earlier = this.#waiting.get(key)
      this.#waiting.set(key, earlier === undefined ? change : merge(earlier, change))
    }
    this.#check()
  }

  /** Sends what was missed; where the log stands is told afterwards. */
  replay(changes: readonly Change[], lists: readonly string[]): void {
    for (const frame of framesOf(changes, lists)) this.#write(frame)
  }

  #flush(): void {
    if (this.settled) return
    const frames = framesOf([...this.#waiting.values()], [...this.#lists], this.#seq)
    this.#waiting.clear()
    this.#lists.clear()
    for (const frame of frames) this.#write(frame)
  }

  #write(frame: Buffer): void {
    if (this.#socket.readyState !== this.#socket.OPEN) return
    this.#socket.send(frame, { binary: false })
    this.#check()
  }

  #check(): void {
    if (this.#stream.writableLength + this.#waiting.size * changeSize > this.#limit) this.#tooSlow()
  }
}

export const frameOf = (message: ServerMessage): Buffer => Buffer.from(JSON.stringify(message))

/** The most changes one frame carries: what a client takes at once. */
const changesInFrame = 500

/**
 * The INVALIDATE frames that say these changes; the position is in the last one only, since it is reached with that.
 * @param seq left out where the position is told otherwise
 */
export function framesOf(changes: readonly Change[], lists: readonly string[], seq?: string): Buffer[] {
  const timestamp = new Date().toISOString()
  const groups = [...byCode(changes)].flatMap(([entityCode, all]) =>
    chunks(all, changesInFrame).map((some) => ({ entityCode, changes: some.map(toWire) })),
  )
  const left = new Set(lists)
  // The last frame of an entity says that its lists have changed; where there is none, one does that is empty otherwise.
  const marked = groups
    .toReversed()
    .map((group) => ({ ...group, ...(left.delete(group.entityCode) && { list: true }) }))
  const bare = [...left].map((entityCode) => ({ entityCode, changes: [], list: true }))
  const payloads = [...marked.toReversed(), ...bare]
  return payloads.map((payload, index) => {
    const last = index === payloads.length - 1 && seq !== undefined
    return frameOf({ type: 'INVALIDATE', payload: { ...payload, timestamp, ...(last && { seq }) } })
  })
}

function byCode(changes: readonly Change[]): Map<string, Change[]> {
  const groups = new Map<string, Change[]>()
  for (const change of changes) {
    const group = groups.get(change.entityCode)
    if (group === undefined) groups.set(change.entityCode, [change])
    else group.push(change)
  }
  return groups
}

const toWire = ({ entityId, action, version }: Change) => ({
  entityId,
  action,
  ...(version !== undefined && { version }),
})
