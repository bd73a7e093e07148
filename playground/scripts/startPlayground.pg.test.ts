import { once } from 'node:events'
import { connect, createServer, type AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { startPlayground } from './startPlayground.ts'

const portOf = (url: string): number => Number(new URL(url).port)

/** Whether something listens on the port. */
async function answers(port: number): Promise<boolean> {
  const socket = connect({ port, host: '127.0.0.1' })
  try {
    await once(socket, 'connect')
    return true
  } catch {
    return false
  } finally {
    socket.destroy()
  }
}

test('all parts answer at the addresses that are told, and none after the stop, connected clients or not', async () => {
  const said: string[] = []
  const playground = await startPlayground({ apiPort: 0, pagePort: 0, log: (line) => said.push(line) })
  const { pageUrl, entityUrl, pubsubUrl, server } = playground
  const socket = new WebSocket(pubsubUrl)
  try {
    await once(socket, 'open')
    for (const name of ['', 'projects.html']) expect((await fetch(pageUrl + name)).status).toBe(200)
    expect((await fetch(`${entityUrl}/docs/json`)).status).toBe(200)
    const throughPage = await fetch(`${pageUrl}api/v1/project`)
    expect(await throughPage.json()).toMatchObject({ code: 'no-token' })
    const health = await fetch(`${pubsubUrl.replace('ws', 'http')}/health`)
    expect(await health.json()).toMatchObject({ status: 'ok' })
    expect(said).toEqual([expect.stringMatching(/^Demo data: \d+ events; 60 projects with 400 tasks\.$/)])
  } finally {
    await playground.stop()
  }
  const ports = [pageUrl, entityUrl, pubsubUrl, server.url].map(portOf)
  expect(await Promise.all(ports.map(answers))).toEqual([false, false, false, false])
}, 60_000)

test('a port that is taken is told before anything is started', async () => {
  const other = createServer().listen({ port: 0, host: '127.0.0.1' })
  await once(other, 'listening')
  const { port } = other.address() as AddressInfo
  const start = startPlayground({ apiPort: 0, pagePort: 0, pubsubPort: port, log: () => undefined })
  await expect(start).rejects.toThrow(`Port ${port} is taken, and the PubSub service needs it.`)
  other.close()
  await once(other, 'close')
})
