import { IDBFactory } from 'fake-indexeddb'
import 'fake-indexeddb/auto'
import { expect, onTestFinished, test } from 'vitest'
import { lists, tasks } from '../../test/world.js'
import type { Table } from '../schema/table.js'
import { Database } from './database.js'

const both = [lists, tasks] as unknown as Table[]
const withIndex = [{ ...lists, indexes: ['title', 'color'] }, tasks] as unknown as Table[]

/** A device, and databases of it that different versions of an app open. */
function device() {
  const factory = new IDBFactory()
  const told: string[] = []
  return {
    told,
    open(version: number, tables: Table[], tab = String(version)): Database {
      const tell = (what: string) => () => void told.push(`${tab} ${what}`)
      const events = { blocked: tell('blocked'), superseded: tell('superseded') }
      const database = new Database('app', version, tables, events, factory)
      onTestFinished(() => database.close())
      return database
    },
    /** The database as it lies there. */
    async found(): Promise<{ version: number | undefined; stores: string[] }> {
      const [info] = await factory.databases()
      const db = await new Promise<IDBDatabase>((resolve) => {
        const request = factory.open('app')
        request.onsuccess = () => resolve(request.result)
      })
      db.close()
      return {
        version: info?.version,
        stores: [...db.objectStoreNames].filter((name) => !name.startsWith(':')),
      }
    },
  }
}

test('an older version that opens after an upgrade throws storage-superseded, and changes nothing', async () => {
  const { open, found, told } = device()
  const later = open(2, [lists] as unknown as Table[])
  await later.open()
  const old = open(1, both)
  await expect(old.open()).rejects.toMatchObject({ name: 'StorageError', code: 'storage-superseded' })
  await expect(old.use(() => Promise.resolve())).rejects.toMatchObject({ code: 'storage-superseded' })
  expect(await found()).toEqual({ version: 40, stores: ['lists'] })
  // The newer one is not disturbed.
  expect(told).toEqual([])
  await expect(later.use((db) => Promise.resolve(db.version))).resolves.toBe(40)
})

test('an older version to which the newer tables would do is refused as well', async () => {
  const { open } = device()
  await open(2, withIndex).open()
  await expect(open(1, both).open()).rejects.toMatchObject({ code: 'storage-superseded' })
})

test('in development, an index that came without a new version is added, and those who know it not go on', async () => {
  const { open, found, told } = device()
  const before = open(1, both, 'before')
  await before.open()
  before.close()
  await open(1, withIndex, 'with').open()
  expect((await found()).version).toBe(21)
  await open(1, both, 'after').open()
  expect(told).toEqual([])
})

test('where there is no IndexedDB, opening says so and what to do', async () => {
  const nothing = new Database(
    'app',
    1,
    both,
    { blocked: () => undefined, superseded: () => undefined },
    null,
  )
  await expect(nothing.open()).rejects.toMatchObject({ name: 'StorageError', code: 'storage-missing' })
  const forbidden = {
    open: () => {
      throw new DOMException('The user denied permission to access the database.', 'SecurityError')
    },
  } as unknown as IDBFactory
  const denied = new Database(
    'app',
    1,
    both,
    { blocked: () => undefined, superseded: () => undefined },
    forbidden,
  )
  await expect(denied.open()).rejects.toMatchObject({ code: 'storage-missing' })
})
