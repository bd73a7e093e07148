import { expect, onTestFinished, test } from 'vitest'
import { browserPorts } from '../src/index.js'
import { MemoryRemote } from './memoryRemote.js'
import { putDay, startWindowTab, type WindowTide } from './windowWorld.js'
import { until } from './world.js'

interface Bucket {
  readonly indexedDB: IDBFactory
}
interface Buckets {
  open(name: string, options: { quota: number }): Promise<Bucket>
  delete(name: string): Promise<void>
}
const { storageBuckets } = navigator as unknown as { storageBuckets: Buckets }

/** A part of the disk with so many bytes and no more. */
async function openDisk(quota: number): Promise<Bucket> {
  const name = `disk-${crypto.randomUUID()}`
  onTestFinished(() => storageBuckets.delete(name))
  return storageBuckets.open(name, { quota })
}

/** Puts something else of so many bytes on the disk; the answer takes it away. */
async function occupy({ indexedDB }: Bucket, bytes: number): Promise<() => Promise<void>> {
  const opened = indexedDB.open('something else')
  opened.onupgradeneeded = () => opened.result.createObjectStore('noise').put(noise(bytes), 1)
  await new Promise((resolve) => (opened.onsuccess = resolve))
  opened.result.close()
  return async () => {
    const deleted = indexedDB.deleteDatabase('something else')
    await new Promise((resolve) => (deleted.onsuccess = resolve))
  }
}

/** Text that needs as many bytes as it has letters. */
const noise = (length: number): string =>
  Array.from({ length }, () => String.fromCharCode(33 + Math.floor(Math.random() * 90))).join('')

/** Inserts rows of 60 kB, until one is refused or something else is so; answers why it was refused. */
async function fill({ tables }: WindowTide, kept: string[], until: () => boolean): Promise<unknown> {
  while (!until()) {
    const id = `l${kept.length}`
    expect(kept.length, 'the disk has an end').toBeLessThan(200)
    try {
      await tables.lists.insert({ id, title: noise(60_000) })
    } catch (refusal) {
      return refusal
    }
    kept.push(id)
  }
  return undefined
}

test('R2, R10: on a disk that is really full old ranges make room for writes; then writes are refused, and none is lost', async () => {
  const disk = await openDisk(14_000_000)
  const makeRoom = await occupy(disk, 10_000_000)
  const ports = { ...browserPorts, indexedDB: disk.indexedDB }
  const remote = new MemoryRemote()
  for (const days of [0, -10, -20]) putDay(remote, days, 50, noise(20_000))
  const name = `f${crypto.randomUUID()}`
  const first = await startWindowTab(name, remote, ports, 10)
  for (const days of [-20, -10]) (await first.show(days, 50))()
  // A view that nobody shows lasts a little longer.
  await new Promise((resolve) => setTimeout(resolve, 600))
  remote.before = () => {
    throw new Error('The network is gone.')
  }
  const kept: string[] = []
  const pruned = () => (first.tide.status$.current as { pruned?: number }).pruned
  expect(await fill(first.tide, kept, () => pruned() === 50)).toBeUndefined()
  expect([await first.held(0), await first.held(-10)]).toEqual([50, 50])

  expect(await fill(first.tide, kept, () => false)).toMatchObject({
    name: 'StorageError',
    code: 'storage-full',
  })
  expect(first.tide.status$.current).toMatchObject({
    name: 'storage-failed',
    error: { code: 'storage-full' },
  })
  await first.tide.stop()

  const second = await startWindowTab(name, remote, ports, 10, 'retrying')
  onTestFinished(() => second.tide.signOut({ pending: 'discard' }))
  const promised = (await second.tide.tables.lists.rows$().ready).map(({ id }) => id)
  expect(promised.sort()).toEqual([...kept].sort())

  await makeRoom()
  await second.tide.tables.lists.insert({ id: 'after', title: 'Room again' })
  remote.before = () => undefined
  await second.tide.sync()
  await until('all is sent', () => second.tide.outbox.pending$.current?.length === 0)
  expect([...remote.rows('lists').keys()].sort()).toEqual(['after', ...kept].sort())
  await second.show(-20, 50)
}, 30_000)
