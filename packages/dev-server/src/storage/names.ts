import { invalid } from './errors.js'

/** Characters that an address and an object store agree on. */
const valid = /^[\w/!\-.*'() &$@=;:+,?]+$/

export const nameIsValid = (name: string): boolean => name.length <= 1_024 && valid.test(name)

/** A bucket and the name of an object in it. */
export interface ObjectName {
  readonly bucket: string
  readonly name: string
}

/** Reads `bucket/folder/file` of an address. @throws StorageError for what is none */
export function objectNameOf(path: string): ObjectName {
  const [bucket = '', ...rest] = decoded(path).split('/')
  const name = rest.join('/')
  if (bucket === '') throw invalid('There is no bucket in the address')
  if (!nameIsValid(name)) throw invalid(`Invalid key: ${name}`)
  return { bucket, name }
}

/** @throws StorageError for a broken escape */
export function decoded(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    throw invalid('The address has an escape that is none')
  }
}
