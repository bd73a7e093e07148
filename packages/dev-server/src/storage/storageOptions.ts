import type { Context } from '../context.js'
import type { Files } from './files.js'

/** A bucket that is there from the start. */
export interface BucketOptions {
  readonly public?: boolean
  /** In bytes; left out: what the project allows. */
  readonly fileSizeLimit?: number
  /** `image/png`, `image/*`; left out: all. */
  readonly allowedMimeTypes?: readonly string[]
}

/** What a project can set about its files. */
export interface StorageOptions {
  /** Where the files are. Left out: with the database, or gone when the server stops. */
  readonly directory?: string
  /** The largest file, in bytes: 50 MiB. */
  readonly fileSizeLimit?: number
  readonly buckets?: Readonly<Record<string, BucketOptions>>
}

/** What the storage service works with. */
export interface StorageContext extends Context {
  readonly files: Files
  readonly fileSizeLimit: number
}
