import type { AddressInfo } from 'node:net'
import { WebSocketServer } from 'ws'
import { reportToParent, sample } from './reportTo.js'

/** The limit: sockets without users, and one text for all. */
const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: false, backlog: 4_096 })
const text = Buffer.from(sample)
server.on('listening', () => {
  reportToParent((server.address() as AddressInfo).port, () => {
    for (const socket of server.clients) socket.send(text, { binary: false })
  })
})
