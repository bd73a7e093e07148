import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { requireFreePorts } from './freePorts.ts'

test('a port that is taken is named, with what needs it', async () => {
  const other = createServer().listen({ port: 0, host: '127.0.0.1' })
  await once(other, 'listening')
  const { port } = other.address() as AddressInfo
  const wanted = [
    { port: 0, by: 'the page' },
    { port, by: 'the Entity API' },
  ]
  await expect(requireFreePorts(wanted)).rejects.toThrow(
    `Port ${port} is taken, and the Entity API needs it. Stop the program that uses it`,
  )
  other.close()
  await once(other, 'close')
  await expect(requireFreePorts(wanted)).resolves.toBeUndefined()
})

test('what was looked at can be listened on at once', async () => {
  const probe = createServer().listen({ port: 0, host: '127.0.0.1' })
  await once(probe, 'listening')
  const { port } = probe.address() as AddressInfo
  probe.close()
  await once(probe, 'close')
  await requireFreePorts([{ port, by: 'the page' }])
  const next = createServer().listen({ port, host: '127.0.0.1' })
  await once(next, 'listening')
  next.close()
})
