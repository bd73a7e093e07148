import { pubsubSubprotocol, tokenSubprotocolPrefix } from '@tidemark/core/pubsub'
import { once } from 'node:events'
import { WebSocket } from 'ws'

/** A socket that counts what it is told, and keeps none of it. */
export interface LoadClient {
  readonly socket: WebSocket
  /** Told of each frame of news. */
  hear: (text: string) => void
  close(): Promise<void>
}

const options = { perMessageDeflate: false, skipUTF8Validation: true }

/** How servers speak: what opens a connection, and what is no news. */
interface Dialect {
  readonly path: string
  readonly protocols: readonly string[]
  /** What is answered to a frame that is no news; undefined for news. */
  readonly answer: (text: string) => string | undefined
  /** Whether a frame says that the connection stands. */
  readonly stands: (text: string) => boolean
}

export const plain: Dialect = { path: '', protocols: [], answer: () => undefined, stands: () => true }

/** Engine.IO 4 and Socket.IO 5 over a WebSocket alone: `0` opens, `40` joins, `2` asks for `3`. */
export const socketIo: Dialect = {
  path: '/socket.io/?EIO=4&transport=websocket',
  protocols: [],
  answer: (text) =>
    text.startsWith('0') ? '40' : text === '2' ? '3' : text.startsWith('40') ? '' : undefined,
  stands: (text) => text.startsWith('40'),
}

export const tidemark = (token: string): Dialect => ({
  path: '',
  protocols: [pubsubSubprotocol, tokenSubprotocolPrefix + token],
  answer: (text) => (text.startsWith('{"type":"INVALIDATE"') ? undefined : ''),
  stands: (text) => text.startsWith('{"type":"CONNECTED"'),
})

/** Opens a socket; resolves when the server has taken it in. */
export async function openClient(url: string, dialect: Dialect): Promise<LoadClient> {
  const socket = new WebSocket(url + dialect.path, [...dialect.protocols], options)
  const client: LoadClient = {
    socket,
    hear: () => undefined,
    close: async () => {
      const closed = once(socket, 'close')
      socket.close()
      await closed
    },
  }
  const standing = new Promise<void>((resolve, reject) => {
    socket.on('error', reject)
    socket.on('close', (code) => reject(new Error(`The socket was closed with ${code}.`)))
    socket.on('message', (data: Buffer) => {
      const text = data.toString()
      const answered = dialect.answer(text)
      if (answered === undefined) client.hear(text)
      else if (answered !== '') socket.send(answered)
      if (dialect.stands(text)) resolve()
    })
    if (dialect === plain) socket.on('open', resolve)
  })
  await standing
  return client
}
