import type { Connection } from './connection/connection.js'

/**
 * Asks all connections to go, spread over time so that they do not come back at once, and closes those that have not gone.
 * @param seconds how long they have; resolves earlier when all have gone
 */
export async function drain(connections: ReadonlySet<Connection>, seconds: number): Promise<void> {
  const time = seconds * 1_000
  for (const connection of connections) {
    // Half of the time for coming back, so that the last has time to go.
    const reconnectIn = Math.floor((Math.random() * time) / 2)
    if (connection.authenticated) connection.queue.send({ type: 'GOAWAY', payload: { reconnectIn } })
  }
  const until = Date.now() + time
  while (connections.size > 0 && Date.now() < until) await passed(50)
  for (const connection of connections) connection.close('goingAway', 'The service stops.')
  const last = Date.now() + 2_000
  while (connections.size > 0 && Date.now() < last) await passed(20)
}

const passed = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))
