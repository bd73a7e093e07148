import type { Subscription } from 'rxjs'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { FeedChannel } from '../src/feeds/channelName.js'
import { anyId, type FeedEvent } from '../src/feeds/event.js'
import type { Feed } from '../src/feeds/feed.js'
import { until } from './world.js'

/** A server with documents, and a feed of a user who may see them all. */
export interface FeedWorld {
  /** A new feed; the suite closes it. */
  feed(): Feed
  /** Types of documents that the server knows; ids and scopes are UUIDs. */
  readonly types: readonly [string, string]
  create(type: string, id: string, factoryId: string): Promise<void>
  update(type: string, id: string): Promise<void>
  remove(type: string, id: string): Promise<void>
  /** Sends something to a channel that is no event; left out where the server cannot be brought to it. */
  disturb?(channel: FeedChannel): Promise<void>
  /** Cuts all connections; new ones can be made. */
  cut(): void
  stop(): Promise<void>
}

/** What every feed does, whoever is behind it. */
export function feedConformance(name: string, makeWorld: () => Promise<FeedWorld>): void {
  describe(`${name} as a feed`, () => {
    let world: FeedWorld
    const feeds: Feed[] = []
    beforeAll(async () => void (world = await makeWorld()))
    afterEach(() => feeds.splice(0).forEach((feed) => feed.close()))
    afterAll(() => world.stop())

    const open = (): Feed => {
      const feed = world.feed()
      feeds.push(feed)
      return feed
    }
    /** Listens, and waits until the server tells of the channel. */
    const listen = async (feed: Feed, channel: FeedChannel) => {
      const events: FeedEvent[] = []
      const heard = new Promise<void>((resolve) => {
        const subscription = feed.missed$.subscribe((missed) => {
          if (missed !== undefined && JSON.stringify(missed) !== JSON.stringify(channel)) return
          subscription.unsubscribe()
          resolve()
        })
      })
      const subscription: Subscription = feed.listen(channel).subscribe((event) => events.push(event))
      await heard
      return { events, subscription }
    }
    const actions = (events: readonly FeedEvent[]) => events.map(({ id, action }) => `${action} ${id}`)
    const newDocument = async (type = world.types[0], factoryId: string = crypto.randomUUID()) => {
      const id = crypto.randomUUID()
      await world.create(type, id, factoryId)
      return { type, id, factoryId, channel: { kind: 'doc', type, id, factoryId } as const }
    }

    test('a document’s channel tells of its updates and its end, and of no other document', async () => {
      const one = await newDocument()
      const other = await newDocument(one.type, one.factoryId)
      const { events } = await listen(open(), one.channel)
      await world.update(other.type, other.id)
      await world.update(one.type, one.id)
      await until('the update is told', () => events.some(({ action }) => action === 'update'))
      await world.remove(one.type, one.id)
      await until('the delete is told', () => events.some(({ action }) => action === 'delete'))
      // News of its making may still have been on its way.
      const since = events.filter(({ action }) => action !== 'create')
      expect(new Set(actions(since))).toEqual(new Set([`update ${one.id}`, `delete ${one.id}`]))
      expect(new Set(events.map(({ id }) => id))).toEqual(new Set([one.id]))
      for (const event of events) expect(event).toMatchObject({ type: one.type, factoryId: one.factoryId })
    })

    test('a list’s channel tells of what comes and goes in its type and scope', async () => {
      const [type, otherType] = world.types
      const factoryId = crypto.randomUUID()
      const { events } = await listen(open(), { kind: 'list', type, factoryId })
      await newDocument(otherType, factoryId)
      const { id } = await newDocument(type, factoryId)
      // A feed may tell of the row, or only that there is one more.
      const news = () => events.filter((event) => event.id === id || event.id === anyId)
      await until('the create is told', () => news().some(({ action }) => action === 'create'))
      const before = news().length
      await world.remove(type, id)
      await until('the delete is told', () => news().length > before)
      expect(news()).toEqual(events)
      for (const event of events) expect(event).toMatchObject({ type, factoryId })
    })

    test('versions grow', async () => {
      const { type, id, channel } = await newDocument()
      const { events } = await listen(open(), channel)
      await world.update(type, id)
      await until('the first update is told', () => events.length > 0)
      const first = events.at(-1)?.version ?? Number.NaN
      await world.update(type, id)
      await until('the second update is told', () => (events.at(-1)?.version ?? 0) > first)
    })

    test('many listeners share a channel; it is left with the last, and can be listened to again', async () => {
      const { type, id, channel } = await newDocument()
      const feed = open()
      const first = await listen(feed, channel)
      const seen: FeedEvent[] = []
      const second = feed.listen(channel).subscribe((event) => seen.push(event))
      first.subscription.unsubscribe()
      await world.update(type, id)
      await until('the second hears', () => seen.length > 0)
      expect(first.events).toEqual([])
      second.unsubscribe()
      const before = seen.length
      await new Promise((resolve) => setTimeout(resolve))
      const again = await listen(feed, channel)
      await world.update(type, id)
      await until('the third hears', () => again.events.length > 0)
      expect(seen).toHaveLength(before)
    })

    test('what is no event is told as a problem, and the feed goes on', async () => {
      const { type, id, channel } = await newDocument()
      const { disturb = () => Promise.resolve() } = world
      const feed = open()
      const problems: unknown[] = []
      feed.problem$.subscribe((problem) => problems.push(problem))
      const { events } = await listen(feed, channel)
      await disturb(channel)
      await until('the problem is told', () => problems.length > 0 || !world.disturb)
      await world.update(type, id)
      await until('the update is told', () => events.length > 0)
    })

    test('a lost connection comes back by itself; what happened meanwhile is told, or that something was missed', async () => {
      const { type, id, channel } = await newDocument()
      const feed = open()
      const states: string[] = []
      feed.state$.subscribe(({ name }) => states.push(name))
      const { events } = await listen(feed, channel)
      await until('it is open', () => feed.state$.current?.name === 'open')
      let missed = 0
      feed.missed$.subscribe(() => (missed += 1))
      world.cut()
      await until('it is lost', () => states.includes('lost'))
      await world.update(type, id)
      await until('the gap is told', () => missed > 0 || events.length > 0)
      await until('it is open again', () => feed.state$.current?.name === 'open')
      const before = events.length
      await world.update(type, id)
      await until('the update is told', () => events.length > before)
    })

    test('states go from idle to open and back; a closed feed completes and stays closed', async () => {
      const { channel } = await newDocument()
      const feed = open()
      expect(feed.state$.current).toEqual({ name: 'idle' })
      const { subscription } = await listen(feed, channel)
      await until('it is open', () => feed.state$.current?.name === 'open')
      subscription.unsubscribe()
      await until('it is idle', () => feed.state$.current?.name === 'idle')
      const { subscription: next } = await listen(feed, channel)
      feed.close()
      expect(next.closed).toBe(true)
      expect(feed.state$.current).toEqual({ name: 'closed' })
      let completed = false
      feed.listen(channel).subscribe({ complete: () => (completed = true) })
      expect(completed).toBe(true)
    })

    test('the channel of a list tells of updates exactly where the feed says so', async () => {
      const one = await newDocument()
      const feed = open()
      const doc = await listen(feed, one.channel)
      const list = await listen(feed, { kind: 'list', type: one.type, factoryId: one.factoryId })
      await world.update(one.type, one.id)
      await until('the update is told', () => doc.events.length > 0)
      const told = () => list.events.some(({ id, action }) => id === one.id && action === 'update')
      if (feed.listsTellUpdates === false) expect(told()).toBe(false)
      else await until('the list tells of it too', told)
    })
  })
}
