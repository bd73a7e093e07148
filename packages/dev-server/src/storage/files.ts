import { randomUUID } from 'node:crypto'
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'

/** Bytes on the disk, under names that we give: what a client calls its object never becomes a path. */
export interface Files {
  /** Resolves with the version by which it is found again. */
  write(bytes: Buffer): Promise<string>
  /** Undefined when there is none of this version. */
  read(version: string): Promise<Buffer | undefined>
  /** Resolves with the version of the copy. */
  copy(version: string): Promise<string>
  remove(versions: readonly string[]): Promise<void>
  /** Removes all. */
  clear(): Promise<void>
  /** Removes what is not to stay. */
  close(): Promise<void>
}

/** @param directory is made when it is not there; undefined: one that is removed in the end */
export async function openFiles(directory: string | undefined): Promise<Files> {
  const root = directory ?? (await mkdtemp(path.join(tmpdir(), 'tidemark-storage-')))
  await mkdir(root, { recursive: true })
  const placeOf = (version: string) => path.join(root, path.basename(version))
  const clear = async () => {
    const names = await readdir(root)
    await Promise.all(names.map((name) => rm(path.join(root, name), { force: true })))
  }
  return {
    write: async (bytes) => {
      const version = randomUUID()
      await writeFile(placeOf(version), bytes)
      return version
    },
    read: (version) =>
      readFile(placeOf(version)).catch((error: unknown) => {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
        throw error
      }),
    copy: async (version) => {
      const copied = randomUUID()
      await copyFile(placeOf(version), placeOf(copied))
      return copied
    },
    remove: async (versions) => {
      await Promise.all(versions.map((version) => rm(placeOf(version), { force: true })))
    },
    clear,
    close: () =>
      directory === undefined ? rm(root, { recursive: true, force: true, maxRetries: 5 }) : Promise.resolve(),
  }
}
