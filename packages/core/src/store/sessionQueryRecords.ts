import type { QueryRecord, QueryRecords, UnstoredQuery } from './queryRecords.js'

/** Persisted queries as JSON in the storage of a tab's session: what it lacks to IndexedDB are other tabs, and dates. */
export function sessionQueryRecords(prefix: string, storage: Storage): QueryRecords {
  const names = (): string[] =>
    Array.from({ length: storage.length }, (_, index) => storage.key(index) ?? '').filter((name) =>
      name.startsWith(prefix),
    )
  const store = (hash: string, record: QueryRecord): UnstoredQuery[] => {
    try {
      storage.setItem(prefix + hash, JSON.stringify(record))
      return []
    } catch (cause) {
      return [{ hash, cause }]
    }
  }
  return {
    kind: 'sessionStorage',
    all: () =>
      soon(() => names().map((name) => [name.slice(prefix.length), parse(storage.getItem(name))] as const)),
    write: (changes) =>
      soon(() =>
        changes.flatMap(([hash, record]) => {
          if (record) return store(hash, record)
          storage.removeItem(prefix + hash)
          return []
        }),
      ),
    clear: () => soon(() => names().forEach((name) => storage.removeItem(name))),
    close: () => undefined,
  }
}

/** What a storage throws is a rejection. */
const soon = <T>(work: () => T): Promise<T> => Promise.resolve().then(work)

/** What is not JSON is no record either. */
function parse(text: string | null): unknown {
  try {
    return JSON.parse(text ?? '')
  } catch {
    return undefined
  }
}
