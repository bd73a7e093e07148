import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Server } from 'socket.io'
import { reportToParent, sample } from './reportTo.js'

const http = createServer()
const server = new Server(http, { transports: ['websocket'], perMessageDeflate: false })
http.listen({ host: '127.0.0.1', port: 0, backlog: 4_096 }, () => {
  reportToParent((http.address() as AddressInfo).port, () => server.emit('message', sample))
})
