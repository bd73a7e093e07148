import { onTestFinished } from 'vitest'
import { createInvalidation } from '../src/invalidation/invalidation.js'
import { keyDoc } from '../src/invalidation/keys.js'
import { event, makeClient } from './cacheWorld.js'
import { MemoryFeed } from './memoryFeed.js'

/** An invalidation of the scope `f1` over a feed that tells what it is told, until the test is finished. */
export function makeInvalidation() {
  const memory = new MemoryFeed()
  const client = makeClient()
  const invalidation = createInvalidation({ client, feed: memory.feed, scope: 'f1' })
  onTestFinished(() => invalidation.stop())
  return {
    invalidation,
    memory,
    /** The names of the channels that are open. */
    open: () => [...memory.open].sort().join(' '),
    cache: (id: string) => client.setQueryData(keyDoc('wo', id), { id }),
    isInvalid: (id: string) => client.getQueryState(keyDoc('wo', id))?.isInvalidated,
    /** Tells an update of a document on its own channel. */
    update: (id: string) => memory.send({ kind: 'doc', type: 'wo', id, factoryId: 'f1' }, event({ id })),
  }
}
