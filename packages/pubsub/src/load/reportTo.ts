import type { FromChild, FromParent } from './children.js'

/** The child's side: says where it listens, and answers what the parent asks. */
export function reportToParent(port: number, broadcast: () => void): void {
  const send = (message: FromChild) => process.send?.(message)
  process.on('message', (message: FromParent) => {
    if (message === 'broadcast') broadcast()
    else send({ memory: process.memoryUsage.rss() })
  })
  process.on('disconnect', () => process.exit())
  send({ port })
}

/** What the servers that are compared with tell: as much as an INVALIDATE says. */
export const sample = JSON.stringify({
  type: 'INVALIDATE',
  payload: {
    entityCode: 'employee',
    changes: [{ entityId: '550e8400-e29b-41d4-a716-446655440000', action: 'UPDATE', version: 42 }],
    timestamp: '2025-11-28T10:30:00.000Z',
    seq: '1234567',
  },
})
