import type { AddressInfo } from 'node:net'
import { WebSocketServer, type WebSocket } from 'ws'
import { safeParse } from 'zod/v4/core'
import {
  clientMessage,
  pubsubSubprotocol,
  tokenSubprotocolPrefix,
  type ClientMessage,
  type PubsubChange,
  type ServerMessage,
} from '../src/feeds/pubsubProtocol.js'

interface Logged {
  readonly entityCode: string
  readonly change: PubsubChange
}

interface Peer {
  readonly socket: WebSocket
  readonly ids: Set<string>
  readonly lists: Set<string>
}

export type PubsubServer = Awaited<ReturnType<typeof startPubsubServer>>

/** A service that speaks the PubSub protocol over real sockets, and tells what it is given: everybody may hear everything. */
export async function startPubsubServer() {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1', handleProtocols: () => pubsubSubprotocol })
  await new Promise((resolve) => server.once('listening', resolve))
  const log: Logged[] = []
  const peers = new Set<Peer>()
  const received: ClientMessage[] = []
  const tokens: string[] = []
  const state = {
    epoch: 'one',
    /** What is asked by RESUME is not sent yet. */
    slow: false,
    silent: false,
    refuse: undefined as number | undefined,
    denied: [] as string[],
  }
  const say = ({ socket }: Peer, message: ServerMessage) => socket.send(JSON.stringify(message))
  const seq = () => String(log.length)

  const tell = (peer: Peer, { entityCode, change }: Logged) => {
    const timestamp = new Date().toISOString()
    if (peer.ids.has(`${entityCode}:${change.entityId}`))
      say(peer, { type: 'INVALIDATE', payload: { entityCode, changes: [change], timestamp, seq: seq() } })
    if (change.action !== 'UPDATE' && peer.lists.has(entityCode))
      say(peer, { type: 'INVALIDATE', payload: { entityCode, changes: [], timestamp, seq: seq() } })
  }

  const answer = (peer: Peer, message: ClientMessage) => {
    if (message.type === 'PING') say(peer, { type: 'PONG', payload: { seq: seq() } })
    if (message.type === 'TOKEN_REFRESH')
      say(peer, { type: 'TOKEN_REFRESHED', payload: { expiresIn: 3_600 } })
    if (message.type === 'UNSUBSCRIBE') {
      const { entityCode, entityIds, list } = message.payload
      for (const id of entityIds ?? []) peer.ids.delete(`${entityCode}:${id}`)
      if (list) peer.lists.delete(entityCode)
    }
    if (message.type === 'SUBSCRIBE') {
      const { entityCode, entityIds, list } = message.payload
      const denied = entityIds.filter((id) => state.denied.includes(id))
      for (const id of entityIds) if (!denied.includes(id)) peer.ids.add(`${entityCode}:${id}`)
      if (list) peer.lists.add(entityCode)
      const count = entityIds.length - denied.length
      say(peer, { type: 'SUBSCRIBED', payload: { count, entityCode, denied, ...(list && { list }) } })
    }
    if (message.type !== 'RESUME' || state.slow) return
    if (message.payload.epoch !== state.epoch)
      return say(peer, { type: 'REFETCH', payload: { reason: 'epoch', epoch: state.epoch, seq: seq() } })
    for (const logged of log.slice(Number(message.payload.seq))) tell(peer, logged)
    say(peer, { type: 'RESUMED', payload: { seq: seq() } })
  }

  server.on('connection', (socket, request) => {
    const offered = request.headers['sec-websocket-protocol']?.split(/, */) ?? []
    tokens.push(offered[1]?.slice(tokenSubprotocolPrefix.length) ?? '')
    if (state.silent) return
    if (state.refuse !== undefined) return socket.close(state.refuse)
    const peer: Peer = { socket, ids: new Set(), lists: new Set() }
    peers.add(peer)
    socket.on('close', () => peers.delete(peer))
    socket.on('message', (data) => {
      if (state.silent) return
      const { data: message } = safeParse(clientMessage, JSON.parse(String(data)))
      if (!message) return socket.close(4004)
      received.push(message)
      answer(peer, message)
    })
    say(peer, {
      type: 'CONNECTED',
      payload: { connectionId: 'c', epoch: state.epoch, seq: seq(), expiresIn: 3_600 },
    })
  })

  return {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** How it behaves; may be changed at any time. */
    state,
    received,
    tokens,
    /** How many sockets are open. */
    connections: () => server.clients.size,
    change: (entityCode: string, change: PubsubChange) => {
      log.push({ entityCode, change })
      for (const peer of peers) tell(peer, { entityCode, change })
    },
    /** Says something to everybody, a message or not. */
    say: (message: unknown) => {
      for (const { socket } of peers)
        socket.send(typeof message === 'string' ? message : JSON.stringify(message))
    },
    cut: () => server.clients.forEach((socket) => socket.terminate()),
    close: (code: number) => server.clients.forEach((socket) => socket.close(code)),
    stop: () => {
      server.clients.forEach((socket) => socket.terminate())
      return new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}
