import { IDBFactory } from 'fake-indexeddb'
import { afterEach, expect, test, vi } from 'vitest'
import { keyDoc } from './keys.js'
import { openBestRecords, type PersistProblem } from './openBestRecords.js'

afterEach(() => vi.unstubAllGlobals())

const record = {
  key: keyDoc('wo', '1'),
  data: { title: 'Saw' },
  updatedAt: 1,
  invalidated: false,
  buster: '',
}

/** An IndexedDB that a browser refuses to open, as in some private modes. */
const refusing = {
  open: () => {
    throw new DOMException('Not allowed', 'SecurityError')
  },
} as unknown as IDBFactory

/** As a browser's: enumerable by number, and full at some point. */
function makeStorage(room = 1_000): Storage {
  const texts = new Map<string, string>()
  return {
    get length() {
      return texts.size
    },
    key: (index) => [...texts.keys()][index] ?? null,
    getItem: (name) => texts.get(name) ?? null,
    setItem: (name, text) => {
      if (text.length > room) throw new DOMException('Full', 'QuotaExceededError')
      texts.set(name, text)
    },
    removeItem: (name) => void texts.delete(name),
    clear: () => texts.clear(),
  }
}

test('IndexedDB is used where it opens', async () => {
  const records = await openBestRecords('db', { indexedDB: new IDBFactory() }, () => undefined)
  expect(records.kind).toBe('indexedDB')
  records.close()
})

test('where IndexedDB is refused, the session keeps the queries, and the app is told', async () => {
  const storage = makeStorage()
  vi.stubGlobal('sessionStorage', storage)
  storage.setItem('of another', 'text')
  const problems: PersistProblem[] = []
  const open = () => openBestRecords('db', { indexedDB: refusing }, (problem) => problems.push(problem))
  const records = await open()
  expect(records.kind).toBe('sessionStorage')
  expect(problems).toHaveLength(1)
  await records.write([
    ['one', record],
    ['two', record],
  ])
  storage.setItem('db:three', '{ torn')
  await records.write([['two', undefined]])
  expect(await (await open()).all()).toEqual([
    ['one', record],
    ['three', undefined],
  ])
  await records.clear()
  expect(storage.length).toBe(1)
})

test('a query that the session has no room for is told, and the others are kept', async () => {
  vi.stubGlobal('sessionStorage', makeStorage(150))
  const records = await openBestRecords('db', { indexedDB: refusing }, () => undefined)
  const unstored = await records.write([
    ['large', { ...record, data: 'x'.repeat(200) }],
    ['small', record],
  ])
  expect(unstored).toMatchObject([{ hash: 'large' }])
  expect((await records.all()).map(([hash]) => hash)).toEqual(['small'])
})

test('where every storage is forbidden, nothing is kept, and nothing fails', async () => {
  Object.defineProperty(globalThis, 'sessionStorage', {
    configurable: true,
    get: () => {
      throw new DOMException('Not allowed', 'SecurityError')
    },
  })
  try {
    const records = await openBestRecords('db', { indexedDB: refusing }, () => undefined)
    expect(records.kind).toBe('memory')
    expect(await records.write([['one', record]])).toEqual([])
    expect(await records.all()).toEqual([])
    await records.clear()
  } finally {
    Reflect.deleteProperty(globalThis, 'sessionStorage')
  }
})
