import 'fake-indexeddb/auto'
import { browserPorts, createTidemark } from '@tidemark/core'
import { expect, onTestFinished, test, vi } from 'vitest'
import { boardsScenario } from './boards.js'
import { simulatedServer, type Connection } from './server.js'

const { schema, policies } = boardsScenario
const makeServer = () => simulatedServer({ schema, ports: browserPorts, ...(policies && { policies }) })

async function open({ remote, online$, user }: Connection) {
  const tide = createTidemark({
    name: crypto.randomUUID(),
    schema,
    remote,
    ports: { ...browserPorts, online$ },
  })
  await tide.start(user)
  onTestFinished(() => tide.stop())
  const { notes } = tide.tables as unknown as Record<string, any>
  const notes$ = notes.rows$()
  notes$.subscribe()
  return { tide, notes, titles: (): string[] => notes$.current?.map((row: any) => row.title) ?? [] }
}

const note = { id: 'n1', user_id: 'ada', title: 'Tea', body: '' }

test.each(['exact', 'plain'] as const)(
  '%s mode: a write of a client and one of the server reach each other',
  async (mode) => {
    const server = makeServer()
    const { notes, titles, tide } = await open(server.connect('ada', mode))
    await notes.insert(note)
    await vi.waitFor(() => expect(server.rows('notes')).toMatchObject([{ title: 'Tea' }]))
    server.write((tables) => tables.patch('notes', 'n1', { title: 'Coffee' }))
    await vi.waitFor(() => expect(titles()).toEqual(['Coffee']))
    expect(tide.status$.current).toMatchObject({ modes: { notes: mode } })
    await notes.delete('n1')
    await vi.waitFor(() => expect(server.rows('notes')).toEqual([]))
  },
)

test('a refused write is parked with the code that was asked for, and is sent when nothing is refused any more', async () => {
  const server = makeServer()
  const { notes, tide } = await open(server.connect('ada'))
  server.refuse({ code: '23514', message: 'Too long.', table: 'notes' })
  await notes.insert(note)
  await vi.waitFor(() => expect(tide.outbox.parked$.current).toHaveLength(1))
  const [parked] = tide.outbox.parked$.current ?? []
  expect(parked?.error).toMatchObject({ serverCode: '23514', message: 'Too long.' })
  server.refuse(undefined)
  await tide.outbox.retry(parked?.id ?? '')
  await vi.waitFor(() => expect(server.rows('notes')).toHaveLength(1))
})

test('a device that is off the network keeps its writes, and brings them when it is back', async () => {
  const server = makeServer()
  const connection = server.connect('ada')
  const { notes, tide } = await open(connection)
  connection.online = false
  await notes.insert(note)
  await vi.waitFor(() => expect(tide.status$.current).toMatchObject({ name: 'offline', pending: 1 }))
  connection.online = true
  await vi.waitFor(() => expect(server.rows('notes')).toHaveLength(1))
})

test('while events do not flow, the status says that they are lost', async () => {
  const server = makeServer()
  const connection = server.connect('ada')
  const { tide } = await open(connection)
  await vi.waitFor(() => expect(tide.status$.current).toMatchObject({ realtime: 'joined' }))
  connection.realtime = false
  await vi.waitFor(() => expect(tide.status$.current).toMatchObject({ realtime: 'lost' }))
})

test('R8: a session that has ended loses nothing, and is resumed by signing in', async () => {
  const server = makeServer()
  const connection = server.connect('ada')
  const { notes, tide } = await open(connection)
  connection.signedIn = false
  await notes.insert(note)
  await vi.waitFor(() => expect(tide.status$.current).toMatchObject({ name: 'needs-sign-in', pending: 1 }))
  connection.signedIn = true
  await vi.waitFor(() => expect(server.rows('notes')).toHaveLength(1))
})
